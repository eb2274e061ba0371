// A dialog with a form: Enter sends it, Escape closes it, a refusal stands above the buttons.
import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';

import { settings as settingsTexts } from '../texts/en/settings';
import { Dialog } from './dialog';
import { Trouble } from './trouble';

interface FormDialogProps {
  title: string;
  onClose: () => void;
  onSubmit: () => void;
  /** What the button that sends says. */
  submit: string;
  isPending: boolean;
  error?: unknown;
  /** Whether it takes something away that does not come back. */
  isGrave?: boolean;
  isDisabled?: boolean;
  /** How wide it is, where it holds more than a few fields. */
  size?: string;
  children: ReactNode;
}

export function FormDialog(props: FormDialogProps) {
  const { title, onClose, onSubmit, submit, isPending, error, isGrave, isDisabled, size, children } = props;
  const words = settingsTexts;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!isDisabled) onSubmit();
  };
  return (
    <Dialog isForm={!isGrave} onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': words.close }}>
      <form onSubmit={send} noValidate>
        <Stack>
          {children}
          {error != null && <Trouble error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={isPending} disabled={isDisabled} color={isGrave ? 'red.9' : undefined}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
