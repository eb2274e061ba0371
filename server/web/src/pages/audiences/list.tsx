// All audiences: searched, by status and tag, with live sizes, their snapshots, and what uses them. What is chosen is in
// the address, so that it can be sent to somebody.
import { Button, Card, Group, Select, Skeleton, Table, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { audienceList } from '../../api/audiences';
import { exclusionGroups } from '../../api/gates';
import { dashboard, snapshots } from '../../api/overview';
import { count } from '../../format/number';
import { Empty } from '../../parts/empty';
import { PlusSign, SearchSign } from '../../parts/icons';
import { ButtonLink } from '../../parts/link';
import { Page } from '../../parts/page';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import { AudienceRow } from './row';

const route = getRouteApi('/app/audiences');

/** Milliseconds without a key after which a search is made. */
const PAUSE_MS = 150;

/** What the words of the status mean to the server; the first leaves archived ones out. */
const STATUSES: Record<string, string | undefined> = {
  current: undefined,
  draft: 'draft',
  archived: 'archived',
  all: 'all',
};

export function AudienceList() {
  const words = audiencesTexts;
  const { q, status = 'current', tag, sort = '-updated' } = route.useSearch();
  const list = useInfiniteQuery(audienceList({ q, tag, sort, status: STATUSES[status] }));
  const frozen = useQuery(snapshots).data;
  const groups = useQuery(exclusionGroups).data ?? [];
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total;
  return (
    <Page
      title={words.title}
      about={total === undefined || total === 0 ? words.about : words.found(count(total))}
      actions={
        <ButtonLink to="/app/audiences/new" leftSection={<PlusSign size={16} />}>
          {words.new}
        </ButtonLink>
      }
    >
      <Filters />
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={320} radius="lg" />}
      {list.isSuccess && items.length === 0 && <NoneFits />}
      {items.length > 0 && (
        <Card p={0}>
          <Table.ScrollContainer minWidth={720} type="native">
            <Table verticalSpacing="sm" horizontalSpacing="lg" highlightOnHover className={classes.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.head.name}</Table.Th>
                  <Table.Th ta="right">{words.head.size}</Table.Th>
                  <Table.Th>{words.head.trend}</Table.Th>
                  <Table.Th>{words.head.used}</Table.Th>
                  <Table.Th>{words.head.changed}</Table.Th>
                  <Table.Th>{words.head.actions}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((audience) => (
                  <AudienceRow
                    key={audience.id}
                    audience={audience}
                    snapshots={frozen?.filter((one) => one.audience_id === audience.id)}
                    groups={groups.filter((group) => group.audiences.some((one) => one.id === audience.id))}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      {list.hasNextPage && (
        <Button variant="default" mx="auto" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </Page>
  );
}

function Filters() {
  const words = audiencesTexts;
  const { q = '', status = 'current', tag = '', sort = '-updated' } = route.useSearch();
  const navigate = route.useNavigate();
  const all = useQuery(dashboard).data?.audiences ?? [];
  const tags = [...new Set(all.flatMap((audience) => audience.tags))].sort();
  const change = (changed: Record<string, string | undefined>) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const search = useDebouncedCallback((text: string) => change({ q: text || undefined }), PAUSE_MS);
  return (
    <Group gap="sm" role="search">
      <TextInput
        aria-label={words.search}
        placeholder={words.searchHint}
        defaultValue={q}
        onChange={(event) => search(event.currentTarget.value)}
        leftSection={<SearchSign size={16} />}
        flex="1 1 14rem"
      />
      <Select
        aria-label={words.status}
        data={Object.entries(words.statuses).map(([value, label]) => ({ value, label }))}
        value={status}
        onChange={(value) => change({ status: value === 'current' ? undefined : (value ?? undefined) })}
        allowDeselect={false}
        w={140}
      />
      {tags.length > 0 && (
        <Select
          aria-label={words.tag}
          data={[{ value: '', label: words.anyTag }, ...tags.map((one) => ({ value: one, label: one }))]}
          value={tag}
          onChange={(value) => change({ tag: value || undefined })}
          allowDeselect={false}
          searchable
          w={150}
        />
      )}
      <Select
        aria-label={words.sort}
        data={Object.entries(words.sorts).map(([value, label]) => ({ value, label }))}
        value={sort}
        onChange={(value) => change({ sort: value ?? undefined })}
        allowDeselect={false}
        w={150}
      />
    </Group>
  );
}

function NoneFits() {
  const words = audiencesTexts;
  const { q, status, tag } = route.useSearch();
  const navigate = route.useNavigate();
  if (!q && !status && !tag) {
    return (
      <Empty title={words.noneYet} action={<ButtonLink to="/app/audiences/new">{words.new}</ButtonLink>}>
        {words.noneYetAbout}
      </Empty>
    );
  }
  return (
    <Empty
      title={words.none}
      action={
        <Button variant="default" onClick={() => void navigate({ search: {} })}>
          {words.clear}
        </Button>
      }
    >
      {words.noneAbout}
    </Empty>
  );
}
