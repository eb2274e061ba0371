// What is amiss with the data: what the home page says, and fields that say nothing or too much.
import { Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import type { Field } from '../../api/fields';
import { dashboard, schema } from '../../api/overview';
import { readable } from '../../format/field';
import { Empty } from '../../parts/empty';
import { Fine } from '../../parts/fine';
import { TextLink } from '../../parts/link';
import { Panel } from '../../parts/panel';
import { data as dataTexts } from '../../texts/en/data';
import { HealthPanel } from '../home/health';
import { suspects } from './suspects';

export function Health() {
  const words = dataTexts;
  const told = useQuery(schema).data;
  const segments = useQuery(dashboard).data?.segments;
  const { empty, single, unique } = suspects((told?.fields ?? []) as Field[], told?.population ?? 0);
  if (told?.fields.length === 0) return <Empty title={words.noFields}>{words.noFieldsAbout}</Empty>;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <HealthPanel schema={told} segments={segments} />
      <Panel title={words.suspects}>
        <Stack gap="lg">
          <Names title={words.empty} fine={words.emptyNone} names={empty} />
          <Names title={words.single} about={words.singleAbout} fine={words.singleNone} names={single} />
          <Names title={words.unique} about={words.uniqueAbout} fine={words.uniqueNone} names={unique} />
        </Stack>
      </Panel>
    </SimpleGrid>
  );
}

interface NamesProps {
  title: string;
  about?: string;
  /** What is said where there are none. */
  fine: string;
  names: string[];
}

/** Fields of one kind, each a way to what is known of it. */
function Names({ title, about, fine, names }: NamesProps) {
  if (names.length === 0) return <Fine>{fine}</Fine>;
  return (
    <div>
      <Title order={3}>{title}</Title>
      {about && (
        <Text size="sm" c="dimmed" mt={2}>
          {about}
        </Text>
      )}
      <Group gap="xs" mt="xs">
        {names.map((name) => (
          <TextLink key={name} to="/app/data" search={{ field: name }} size="sm" underline="always">
            {readable(name)}
          </TextLink>
        ))}
      </Group>
    </div>
  );
}
