// People named by their ids, of whom something is noted.
import { Textarea } from '@mantine/core';
import { useState } from 'react';

import { ChangeDialog } from '../../parts/change-dialog';
import { settings as settingsTexts } from '../../texts/en/settings';

/** Ids as somebody types or pastes them, one a line or parted by commas, semicolons or tabs: each once. */
const idsOf = (text: string): string[] => [...new Set(text.split(/[\n\r,;\t]/).map((part) => part.trim()).filter((part) => part !== ''))];

interface IdsDialogProps {
  title: string;
  submit: string;
  ask: (ids: string[]) => Promise<{ noted: number; unknown: number }>;
  onClose: () => void;
}

export function IdsDialog({ ask, ...dialog }: IdsDialogProps) {
  const words = settingsTexts;
  const [text, setText] = useState('');
  const ids = idsOf(text);
  return (
    <ChangeDialog {...dialog} ask={() => ask(ids)} said={({ noted, unknown }) => words.noted(noted, unknown)} isDisabled={ids.length === 0}>
      <Textarea label={words.noteIds} value={text} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={4} maxRows={12} data-autofocus />
    </ChangeDialog>
  );
}
