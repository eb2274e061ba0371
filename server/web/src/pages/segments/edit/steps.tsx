// One step back, one step on.
import { ActionIcon, Group, Tooltip } from '@mantine/core';

import { RedoSign, UndoSign } from '../../../parts/builder-icons';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Writing } from './draft';

export function Steps({ writing }: { writing: Writing }) {
  const words = builderTexts;
  const steps = [
    { label: words.undo, keys: 'Ctrl+Z', can: writing.canUndo, go: writing.undo, Sign: UndoSign },
    { label: words.redo, keys: 'Ctrl+Shift+Z', can: writing.canRedo, go: writing.redo, Sign: RedoSign },
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
}
