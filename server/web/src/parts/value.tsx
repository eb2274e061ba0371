// A value of a field: told by its type, said to be missing where there is none, and to be hidden where it is personal.
import { Text, Tooltip, VisuallyHidden } from '@mantine/core';

import { type Told, valueOf } from '../format/value';
import { people as peopleTexts } from '../texts/en/people';
import { LockSign } from './icons';

interface ShownProps {
  value: Told;
  type: string;
  isMasked?: boolean;
  /** On one line, with what does not fit cut off. */
  isShort?: boolean;
}

export function Shown({ value, type, isMasked = false, isShort = false }: ShownProps) {
  const words = peopleTexts;
  if (isMasked) {
    return (
      <Tooltip label={words.maskedAbout}>
        <Text span size="sm" c="dimmed" style={{ display: 'inline-flex', alignItems: 'center', gap: 6 }}>
          <LockSign size={14} /> {words.masked}
        </Text>
      </Tooltip>
    );
  }
  const told = valueOf(value, type, words);
  if (told === '') {
    return (
      <Text span size="sm" c="dimmed">
        <span aria-hidden>–</span>
        <VisuallyHidden>{words.missing}</VisuallyHidden>
      </Text>
    );
  }
  return (
    <Text size="sm" truncate={isShort} title={isShort ? told : undefined} style={{ fontVariantNumeric: 'tabular-nums', overflowWrap: 'anywhere' }}>
      {told}
    </Text>
  );
}
