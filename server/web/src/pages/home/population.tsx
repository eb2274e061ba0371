// How many people there were, day by day.
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { growth as growthQuery } from '../../api/overview';
import { daily, daysUntil } from '../../charts/daily';
import { Line } from '../../charts/line';
import { change, growth } from '../../format/number';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { home as homeTexts } from '../../texts/en/home';

/** Days that are shown. */
const DAYS = 90;

export function PopulationPanel() {
  const words = homeTexts;
  const asked = useQuery(growthQuery(DAYS));
  const { data } = asked;
  const values = data ? daily({ count: data.population, count_before: data.count_before, trend: data.items }, DAYS, data.now) : [];
  const days = data ? daysUntil(data.now, values.length) : [];
  const points = values.map((value, i) => ({ at: days[i] ?? '', value }));
  const [first, last] = [values[0], values.at(-1)];
  return (
    <Panel title={words.growth90} about={words.growthAbout}>
      {asked.isError && !data && <Trouble error={asked.error} onRetry={() => void asked.refetch()} />}
      {asked.isPending && <Skeleton height={180} />}
      {points.length > 1 && <Line label={words.growthLabel} points={points} height={180} />}
      {data && (
        <Text size="sm" c="dimmed" mt="xs">
          {points.length > 1 && first && last !== undefined ? words.growthTold(change(last - first), growth(last / first - 1), values.length - 1) : words.growthYoung}
        </Text>
      )}
    </Panel>
  );
}
