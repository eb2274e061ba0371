// One step back, one step on.
import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { memo } from 'react';

import { RedoSign, UndoSign } from '../../../parts/builder-icons';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Writing } from './draft';

export const Steps = memo(function Steps({ canUndo, canRedo, undo, redo }: Pick<Writing, 'canUndo' | 'canRedo' | 'undo' | 'redo'>) {
  const words = builderTexts;
  const steps = [
    { label: words.undo, keys: 'Ctrl+Z', can: canUndo, go: undo, Sign: UndoSign },
    { label: words.redo, keys: 'Ctrl+Shift+Z', can: canRedo, go: redo, Sign: RedoSign },
  ];
  return (
    <Group gap={4}>
      {steps.map(({ label, keys, can, go, Sign }) => (
        <Tooltip key={label} label={`${label} (${keys})`}>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={label}
            aria-keyshortcuts={keys.replace('Ctrl', 'Control')}
            disabled={!can}
            onClick={go}
          >
            <Sign size={16} />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  );
});
