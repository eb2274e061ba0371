// A dialog whose form asks the server for one change: it closes when that is made, and what is shown is asked anew.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { FormDialog } from './form-dialog';
import { done } from './notify';

interface ChangeDialogProps<Answer> {
  title: string;
  /** What the button that sends says. */
  submit: string;
  ask: () => Promise<Answer>;
  /** What is said when it is made. */
  said?: (answer: Answer) => string;
  /** What comes then; otherwise the dialog closes. */
  onMade?: (answer: Answer) => void;
  onClose: () => void;
  /** Whether it takes something away that does not come back. */
  isGrave?: boolean;
  isDisabled?: boolean;
  size?: string;
  children: ReactNode;
}

export function ChangeDialog<Answer>({ ask, said, onMade, onClose, ...form }: ChangeDialogProps<Answer>) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: ask,
    onSuccess: async (answer) => {
      // What comes next may not be put off: a secret is shown once.
      if (onMade) onMade(answer);
      await queries.invalidateQueries();
      if (said) done(said(answer));
      if (!onMade) onClose();
    },
  });
  return <FormDialog {...form} onClose={onClose} onSubmit={() => change.mutate()} isPending={change.isPending} error={change.error} />;
}
