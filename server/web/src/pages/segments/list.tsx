// All segments: searched, by status and tag, with live sizes, how they went, and who uses them. What is chosen is in the
// address, so that it can be sent to somebody.
import { Button, Card, Skeleton, Table } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import { analytics, dashboard } from '../../api/overview';
import { segmentList } from '../../api/segments';
import { count } from '../../format/number';
import { Empty } from '../../parts/empty';
import { Filters, filterOf, isNarrowed } from '../../parts/filters';
import { PlusSign } from '../../parts/icons';
import { ButtonLink } from '../../parts/link';
import { NoneFits } from '../../parts/none-fits';
import { Page } from '../../parts/page';
import { Trouble } from '../../parts/trouble';
import { home as homeTexts } from '../../texts/en/home';
import { segments as segmentsTexts } from '../../texts/en/segments';
import { SegmentRow, TREND_DAYS } from './row';

const route = getRouteApi('/app/segments');

export function SegmentList() {
  const words = segmentsTexts;
  const chosen = route.useSearch();
  const navigate = route.useNavigate();
  // The search keeps what is typed in it; it begins anew once everything is shown.
  const [clears, setClears] = useState(0);
  const clear = () => void navigate({ search: {} }).then(() => setClears(clears + 1));
  const list = useInfiniteQuery(segmentList(filterOf(chosen)));
  const moves = useQuery(analytics(TREND_DAYS)).data;
  const all = useQuery(dashboard).data?.segments ?? [];
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total;
  return (
    <Page
      title={words.title}
      about={total === undefined ? words.about : words.found(count(total))}
      actions={
        <ButtonLink to="/app/segments/new" leftSection={<PlusSign size={16} />}>
          {words.new}
        </ButtonLink>
      }
    >
      <Filters
        key={clears}
        label={words.search}
        chosen={chosen}
        tags={all.flatMap((segment) => segment.tags)}
        onChange={(changed) => void navigate({ search: (before) => ({ ...before, ...changed }), replace: true })}
      />
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={320} radius="lg" />}
      {list.isSuccess && items.length === 0 && isNarrowed(chosen) && <NoneFits title={words.none} onClear={clear} />}
      {list.isSuccess && items.length === 0 && !isNarrowed(chosen) && (
        <Empty title={homeTexts.noSegments} action={<ButtonLink to="/app/segments/new">{words.new}</ButtonLink>}>
          {homeTexts.noSegmentsAbout}
        </Empty>
      )}
      {items.length > 0 && (
        <Card p={0}>
          <Table.ScrollContainer minWidth={280} type="native">
            <Table verticalSpacing="sm" horizontalSpacing="lg" highlightOnHover aria-label={words.title}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.head.name}</Table.Th>
                  <Table.Th ta="right">{words.head.size}</Table.Th>
                  <Table.Th visibleFrom="md">{words.head.trend}</Table.Th>
                  <Table.Th visibleFrom="md">{words.head.used}</Table.Th>
                  <Table.Th visibleFrom="sm">{words.head.changed}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((segment) => (
                  <SegmentRow
                    key={segment.id}
                    segment={segment}
                    performance={moves?.items.find((one) => one.id === segment.id)}
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
