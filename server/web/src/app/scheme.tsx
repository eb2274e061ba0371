// Light, dark, or as the system has it.
import { SegmentedControl, VisuallyHidden, useMantineColorScheme } from '@mantine/core';
import type { MantineColorScheme } from '@mantine/core';

import { MoonSign, SunSign, SystemSign } from '../parts/icons';
import { shell as shellTexts } from '../texts/en/shell';

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
      aria-label={shellTexts.scheme.label}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={SCHEMES.map(({ value, Sign }) => ({
        value,
        label: (
          <span style={{ display: 'flex', alignItems: 'center', height: 20 }}>
            <Sign size={16} />
            <VisuallyHidden>{shellTexts.scheme[value]}</VisuallyHidden>
          </span>
        ),
      }))}
    />
  );
}
