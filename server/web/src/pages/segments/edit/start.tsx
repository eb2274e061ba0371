// How a rule begins in everyday words; `templates.tsx` is the other way.
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { memo, useState } from 'react';

import { readPrompt } from '../../../api/rule';
import { failed } from '../../../parts/notify';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Json } from '../rule/leaf';

interface PromptProps {
  onRule: (criteria: Json) => void;
  onUndo: () => void;
}

/** Everyday words become a rule; whatever was not understood is said. */
export const Prompt = memo(function Prompt({ onRule, onUndo }: PromptProps) {
  const words = builderTexts;
  const [prompt, setPrompt] = useState('');
  const asking = useMutation({
    mutationFn: readPrompt,
    onSuccess: (answer) => answer.criteria && onRule(answer.criteria as Json),
    onError: failed,
  });
  const heard = asking.data;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (prompt.trim()) asking.mutate(prompt);
      }}
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          label={words.prompt}
          placeholder={words.promptHint}
          value={prompt}
          onChange={(event) => setPrompt(event.currentTarget.value)}
          data-own-undo
          flex="1 1 16rem"
        />
        <Button type="submit" variant="default" loading={asking.isPending}>
          {words.promptGo}
        </Button>
      </Group>
      <div role="status">
        {heard && (
          <Group gap="xs" mt={6}>
            <Text size="sm" c={heard.is_complete ? 'var(--good)' : 'var(--warn)'}>
              {heard.criteria
                ? heard.is_complete
                  ? words.promptAll
                  : words.promptPart(heard.not_understood.join(', '))
                : words.promptNone}
            </Text>
            {heard.criteria && (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => {
                  asking.reset();
                  onUndo();
                }}
              >
                {words.promptUndo}
              </Button>
            )}
          </Group>
        )}
      </div>
    </form>
  );
});
