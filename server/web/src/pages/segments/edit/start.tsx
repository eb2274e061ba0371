// How a rule begins: in everyday words, or from an example.
import { Button, Group, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { distribution, readPrompt } from '../../../api/rule';
import { failed } from '../../../parts/notify';
import { Panel } from '../../../parts/panel';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Catalog } from '../rule/catalog';
import type { Json } from '../rule/leaf';
import classes from './edit.module.css';
import { type Example, examplesFor } from './examples';

interface StartProps {
  onRule: (criteria: Json) => void;
}

/** Everyday words become a rule; whatever was not understood is said. */
export function Prompt({ onRule, onUndo }: StartProps & { onUndo: () => void }) {
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
}

export function Examples({ catalog, onRule }: StartProps & { catalog: Catalog }) {
  const words = builderTexts;
  const queryClient = useQueryClient();
  const examples = useMemo(() => examplesFor(catalog), [catalog]);
  const begin = async ({ most, rule }: Example) => {
    try {
      const spread = most && (await queryClient.fetchQuery(distribution(most.field, null, { percentiles: [most.percentile] })));
      onRule(rule(spread?.percentiles?.[0]?.value ?? 0));
    } catch (thrown) {
      failed(thrown);
    }
  };
  if (examples.length === 0) return null;
  return (
    <Panel title={words.start} about={words.startAbout}>
      <div className={classes.examples}>
        {examples.map((example) => (
          <UnstyledButton key={example.key} className={classes.example} onClick={() => void begin(example)}>
            <Text fw={550}>{words.templates[example.key]?.[0]}</Text>
            <Text size="sm" c="dimmed">
              {words.templates[example.key]?.[1]}
            </Text>
          </UnstyledButton>
        ))}
      </div>
    </Panel>
  );
}
