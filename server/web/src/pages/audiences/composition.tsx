// The way from all who were chosen to those who receive it, and some of them.
import { Skeleton, Text } from '@mantine/core';

import { personName } from '../../api/person-name';
import { Waterfall } from '../../charts/waterfall';
import { Panel } from '../../parts/panel';
import { Cell, Stacked, StackedRow } from '../../parts/stacked';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import type { Names } from './names';
import type { Live } from './preview';
import { stepsOf } from './sums';

export function WaterfallPanel({ live, names }: { live: Live; names: Names }) {
  const words = audiencesTexts;
  const breakdown = live.total?.breakdown;
  // Nobody chosen, nobody to take out.
  const isBlank = breakdown?.sources.length === 0;
  const steps = breakdown && (isBlank ? [] : stepsOf(breakdown, names.source, names.step, words.duplicatesStep));
  return (
    <Panel title={words.waterfall} about={words.waterfallAbout}>
      {!steps && <Skeleton height={160} />}
      {steps?.length === 0 && <Text c="dimmed">{words.waterfallNone}</Text>}
      {steps && steps.length > 0 && <Waterfall label={words.waterfall} steps={steps} total={words.total} />}
    </Panel>
  );
}

export function SamplePanel({ live }: { live: Live }) {
  const words = audiencesTexts;
  const sample = live.total?.sample;
  return (
    <Panel title={words.sample}>
      {!sample && <Skeleton height={200} />}
      {sample?.length === 0 && <Text c="dimmed">{words.sampleNone}</Text>}
      {sample && sample.length > 0 && <People people={sample} />}
    </Panel>
  );
}

export function People({ people }: { people: NonNullable<Live['total']>['sample'] }) {
  const words = audiencesTexts;
  return (
    <Stacked label={words.sample} below="narrow" verticalSpacing={6} horizontalSpacing="sm" head={[words.person, words.id]}>
      {people.map((person) => {
        const { id, name, about } = personName(person);
        return (
          <StackedRow key={id}>
            <Cell>
              {name}{' '}
              <Text span c="dimmed" size="sm">
                {about}
              </Text>
            </Cell>
            <Cell of={words.id} c="dimmed" fz="sm">
              {id}
            </Cell>
          </StackedRow>
        );
      })}
    </Stacked>
  );
}
