// Who was taken out of a saved audience, each person with the first reason, as pages and as a file.
import { Button, Card, Group, Select, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { type Audience, excludedAddress, excludedPeople } from '../../api/audiences';
import type { Schemas } from '../../api/client';
import { download } from '../../api/download';
import { peopleOf } from '../../api/people-of';
import { count } from '../../format/number';
import { failed } from '../../parts/notify';
import { PersonLink } from '../../parts/person-link';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import type { Names } from './names';
import { DownloadSign } from './signs';

const route = getRouteApi('/app/audiences/$id');

export function ExcludedTab({ saved, names }: { saved: Audience; names: Names }) {
  const words = audiencesTexts;
  const { reason } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(excludedPeople(saved.id, reason));
  const total = list.data?.pages[0]?.total;
  const steps = (saved.breakdown?.waterfall ?? []).filter((step) => step.removed > 0 || step.reason === reason);
  const reasons = steps.map((step) => ({ value: step.reason, label: `${names.step(step)} (${count(step.removed)})` }));
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-end" justify="space-between">
        <Select
          label={words.excludedReason}
          data={[{ value: '', label: words.excludedAll }, ...reasons]}
          value={reason ?? ''}
          onChange={(value) => void navigate({ search: (before) => ({ ...before, reason: value || undefined }), replace: true })}
          allowDeselect={false}
          w={{ base: '100%', xs: 340 }}
        />
        <Button
          variant="default"
          leftSection={<DownloadSign size={16} />}
          onClick={() => void download(excludedAddress(saved.id, reason), words.excludedFile(saved.name)).catch(failed)}
        >
          {words.excludedCsv}
        </Button>
      </Group>
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={320} radius="lg" />}
      {total === 0 && <Text c="dimmed">{words.excludedNone}</Text>}
      {total !== undefined && total > 0 && (
        <>
          <Text size="sm" c="dimmed">
            {words.excludedCount(count(total))}. {words.excludedSaved}
          </Text>
          <Card p={0}>
            <Table verticalSpacing="xs" horizontalSpacing="lg" aria-label={words.tabs.excluded}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.excludedHead.id}</Table.Th>
                  <Table.Th>{words.excludedHead.reason}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.data?.pages.map((page, i) => (
                  <Rows key={i} people={page.items} names={names} />
                ))}
              </Table.Tbody>
            </Table>
          </Card>
        </>
      )}
      {list.hasNextPage && (
        <Button variant="default" mx="auto" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </Stack>
  );
}

/** One page of them, with the names they have. */
function Rows({ people, names }: { people: Schemas['ExcludedPerson'][]; names: Names }) {
  const known = useQuery(peopleOf(people.map((person) => String(person.id)))).data;
  return people.map((person) => (
    <Table.Tr key={String(person.id)}>
      <Table.Td>
        <PersonLink person={known?.get(String(person.id)) ?? { id: person.id, fields: {} }} />
      </Table.Td>
      <Table.Td>{names.reason(person.reason, person.name)}</Table.Td>
    </Table.Tr>
  ));
}
