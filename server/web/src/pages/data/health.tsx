// What is amiss with the data: what the home page says, and fields that say nothing or too much.
import { Badge, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import type { Field } from '../../api/fields';
import { dashboard, schema } from '../../api/overview';
import { Panel } from '../../parts/panel';
import { data as dataTexts } from '../../texts/en/data';
import { HealthPanel } from '../home/health';
import { suspects } from './suspects';

export function Health() {
  const words = dataTexts;
  const told = useQuery(schema).data;
  const segments = useQuery(dashboard).data?.segments;
  const { empty, single, unique } = suspects((told?.fields ?? []) as Field[], told?.population ?? 0);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <HealthPanel schema={told} segments={segments} />
      <Stack gap="md">
        <Names title={words.empty} names={empty} />
        <Names title={words.single} about={words.singleAbout} names={single} />
        <Names title={words.unique} about={words.uniqueAbout} names={unique} />
      </Stack>
    </SimpleGrid>
  );
}

function Names({ title, about, names }: { title: string; about?: string; names: string[] }) {
  if (names.length === 0) {
    return (
      <Card component="section">
        <Text fw={550}>{title}</Text>
        <Text size="sm" c="dimmed">
          {dataTexts.sound}
        </Text>
      </Card>
    );
  }
  return (
    <Panel title={title} about={about}>
      <Group gap={6}>
        {names.map((name) => (
          <Badge key={name}>{name}</Badge>
        ))}
      </Group>
    </Panel>
  );
}
