// A refusal where it happened: the sentence, all mistakes, and a way to try again.
import { Alert, Button, List, Text } from '@mantine/core';

import { type Problem, problemFrom, saidOf, suggestedBy } from '../api/problem';
import { problem as problemTexts } from '../texts/en/problem';

interface TroubleProps {
  /** What was thrown. */
  error: unknown;
  onRetry?: () => void;
}

export function Trouble({ error, onRetry }: TroubleProps) {
  const problem: Problem = problemFrom(error);
  const more = problem.mistakes.filter((one) => one.message !== problem.message);
  return (
    <Alert role="alert" color="red" variant="default" title={problemTexts.title}>
      <Text size="sm">{problem.said}</Text>
      {more.length > 0 && (
        <List size="sm" mt="xs">
          {more.map((one) => (
            <List.Item key={`${one.pointer} ${one.message}`}>
              {saidOf(one)}
              {suggestedBy(one) && ` ${problemTexts.suggestion(suggestedBy(one) ?? '')}`}
            </List.Item>
          ))}
        </List>
      )}
      {problem.requestId && (
        <Text size="sm" c="dimmed" mt="xs">
          {problemTexts.ask(problem.requestId)}
        </Text>
      )}
      {onRetry && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
          {problemTexts.retry}
        </Button>
      )}
    </Alert>
  );
}
