// The rule as text, beside the tree: either is edited, the other follows. What cannot be read yet stays as it was typed,
// and the tree as it was.
import { List, Text, Textarea } from '@mantine/core';
import { memo, useEffect, useState } from 'react';

import { type Problem, problemFrom, suggestedBy } from '../../../api/problem';
import { readText } from '../../../api/rule';
import { Panel } from '../../../parts/panel';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Json } from '../rule/leaf';
import classes from './edit.module.css';

/** Milliseconds without a key after which the text is read. */
const PAUSE_MS = 150;

interface TextFormProps {
  /** The rule of the tree as text. */
  text: string;
  /** A rule that was typed; `null` for none at all. */
  onRule: (criteria: Json) => void;
  /** Whether the tree has parts that are not in the text. */
  isPart: boolean;
}

export const TextForm = memo(function TextForm({ text, onRule, isPart }: TextFormProps) {
  const words = builderTexts;
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    if (typed === null) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      if (typed.trim() === '') {
        setProblem(null);
        onRule(null);
        return;
      }
      readText(typed, stop.signal).then(
        (answer) => {
          if (stop.signal.aborted) return;
          setProblem(null);
          onRule((answer.criteria ?? null) as Json);
        },
        (thrown: unknown) => {
          if (!stop.signal.aborted) setProblem(problemFrom(thrown));
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [typed, onRule]);
  const drop = () => {
    setTyped(null);
    setProblem(null);
  };
  return (
    <Panel title={words.text} about={words.textAbout}>
      <Textarea
        aria-label={words.textLabel}
        data-own-undo
        placeholder={words.textHint}
        autosize
        minRows={3}
        maxRows={14}
        spellCheck={false}
        classNames={{ input: classes.words }}
        value={typed ?? text}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => problem === null && setTyped(null)}
        onKeyDown={(event) => event.key === 'Escape' && drop()}
        error={problem !== null}
      />
      {problem && (
        <div role="alert">
          <Text size="sm" c="var(--bad)" mt={6}>
            {words.textWrong}
          </Text>
          <List size="sm" mt={4}>
            {(problem.mistakes.length > 0 ? problem.mistakes : [{ pointer: '', code: '', message: problem.message, suggestions: [] }]).map((one) => (
              <List.Item key={one.message}>
                {one.message}
                {suggestedBy(one) && ` ${words.suggestion(suggestedBy(one) ?? '')}`}
              </List.Item>
            ))}
          </List>
        </div>
      )}
      {isPart && (
        <Text size="xs" c="dimmed" mt={6}>
          {words.textMuted}
        </Text>
      )}
    </Panel>
  );
});
