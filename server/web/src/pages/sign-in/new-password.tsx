// A new password, and the same once more.
import { PasswordInput } from '@mantine/core';

import { entry as entryTexts } from '../../texts/en/entry';

/** Characters that the server asks for; it says so itself as well. */
const CHARS_MIN = 12;

export interface Chosen {
  password: string;
  again: string;
}

/** What is wrong with a password that somebody chose; nothing when it may be sent. */
export function wrongWith({ password, again }: Chosen): { password?: string; again?: string } {
  if ([...password].length < CHARS_MIN) return { password: entryTexts.short(CHARS_MIN) };
  return password === again ? {} : { again: entryTexts.differs };
}

interface NewPasswordProps {
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
  /** Whether it was tried to send it: before that nobody is told that it is too short. */
  isTried: boolean;
  isFirst?: boolean;
}

export function NewPassword({ chosen, onChange, isTried, isFirst = false }: NewPasswordProps) {
  const words = entryTexts;
  const wrong = isTried ? wrongWith(chosen) : {};
  return (
    <>
      <PasswordInput
        label={words.newPassword}
        description={words.newPasswordAbout(CHARS_MIN)}
        value={chosen.password}
        onChange={(event) => onChange({ ...chosen, password: event.currentTarget.value })}
        error={wrong.password}
        autoComplete="new-password"
        autoFocus={isFirst}
        data-autofocus={isFirst || undefined}
      />
      <PasswordInput
        label={words.again}
        value={chosen.again}
        onChange={(event) => onChange({ ...chosen, again: event.currentTarget.value })}
        error={wrong.again}
        autoComplete="new-password"
      />
    </>
  );
}
