// Light, dark, or as the system has it.
import { SegmentedControl, VisuallyHidden, useMantineColorScheme } from '@mantine/core';
import type { MantineColorScheme } from '@mantine/core';

import { MoonSign, SunSign, SystemSign } from '../parts/icons';
import { texts } from '../texts/en';

const SCHEMES = [
  { value: 'light', Sign: SunSign },
  { value: 'dark', Sign: MoonSign },
  { value: 'auto', Sign: SystemSign },
] as const;

export function SchemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      aria-label={texts.shell.scheme.label}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={SCHEMES.map(({ value, Sign }) => ({
        value,
        label: (
          <span style={{ display: 'flex', alignItems: 'center', height: 20 }}>
            <Sign size={16} />
            <VisuallyHidden>{texts.shell.scheme[value]}</VisuallyHidden>
          </span>
        ),
      }))}
    />
  );
}
