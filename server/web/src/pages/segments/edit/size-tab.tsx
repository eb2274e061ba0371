// How the size went, and how it goes on when only time passes.
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { type Segment, forecast, history } from '../../../api/segment';
import { Line } from '../../../charts/line';
import { Empty } from '../../../parts/empty';
import { Panel } from '../../../parts/panel';
import { Trouble } from '../../../parts/trouble';
import { builder as builderTexts } from '../../../texts/en/builder';

export function SizeTab({ segment }: { segment: Segment }) {
  const words = builderTexts;
  const went = useQuery(history(segment.id));
  const goes = useQuery(forecast(segment.id)).data;
  const measured = (went.data?.items ?? []).map((point) => ({ at: point.from, value: point.count }));
  const points = went.data ? [...measured, { at: segment.now, value: went.data.count }] : [];
  const ahead = (goes?.items ?? []).map((point) => ({ at: point.at, value: point.count }));
  return (
    <Panel title={words.sizeTitle} about={words.sizeAbout(ahead.length > 0)}>
      {went.isError && <Trouble error={went.error} />}
      {went.isPending && <Skeleton height={240} />}
      {points.length + ahead.length > 1 && <Line label={words.sizeLabel(segment.name)} points={points} forecast={ahead} width={900} height={260} />}
      {went.data && points.length + ahead.length <= 1 && <Empty title={words.noHistory} />}
      {went.data && measured.length === 0 && ahead.length > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          {words.noHistory}
        </Text>
      )}
    </Panel>
  );
}
