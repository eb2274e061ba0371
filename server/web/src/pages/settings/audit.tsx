// The audit: every request that changed something, the newest first, filtered, page by page, and as a file. The filters are in the address.
import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { audit } from '../../api/house';
import { save } from '../../api/transfer';
import { dayAndTime, instantOf, zoneName } from '../../format/time';
import { CardTable } from '../../parts/card-table';
import { Empty } from '../../parts/empty';
import { SearchSign } from '../../parts/icons';
import { failed } from '../../parts/notify';
import { Cell, StackedRow } from '../../parts/stacked';
import { audit as auditTexts } from '../../texts/en/audit';
import { settings as settingsTexts } from '../../texts/en/settings';
import { signIn as signInTexts } from '../../texts/en/sign-in';
import { Section } from './section';

const route = getRouteApi('/app/settings');

/** Milliseconds without a key after which the address says what is searched for. */
const PAUSE_MS = 200;

/** Whether it is a day as the browser writes it: an address may say anything. */
const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

type Entry = Schemas['AuditAnswer'];

/** What the request did; nothing where the page knows no words for it. */
const whatTold = (entry: Entry): string | undefined => auditTexts[`${entry.method} ${entry.route}`];

const isRefused = (entry: Entry) => entry.status >= 400;

export function Audit() {
  const words = settingsTexts;
  const { from: day = '', which = 'all', q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (chosen: { from?: string; which?: string; q?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...chosen }), replace: true, resetScroll: false });
  const search = useDebouncedCallback((text: string) => choose({ q: text || undefined }), PAUSE_MS);
  // The box keeps what is typed in it; the address follows.
  const [sought, setSought] = useState(q);
  const from = isDay(day) ? instantOf(day) : undefined;
  const told = useInfiniteQuery(audit(from));
  const entries = told.data?.pages.flatMap((page) => page.items) ?? [];
  const fits = (entry: Entry) =>
    (which !== 'refused' || isRefused(entry)) &&
    [whatTold(entry), entry.target, entry.person, entry.key, entry.role, entry.address, entry.request_id, entry.method].join(' ').toLowerCase().includes(sought.trim().toLowerCase());
  const shown = entries.filter(fits);
  const head = { ...words.auditHead, at: words.auditHead.at(zoneName()) };
  const keep = useMutation({
    mutationFn: () => save(`/api/audit${from ? `?since=${encodeURIComponent(from)}` : ''}`, 'audit.ndjson', 'application/x-ndjson'),
    onError: failed,
  });
  return (
    <Section
      about={words.auditAbout}
      asked={told}
      actions={
        <Button variant="default" onClick={() => keep.mutate()} loading={keep.isPending}>
          {words.auditExport}
        </Button>
      }
    >
      <Group align="flex-end">
        <TextInput type="date" label={words.auditSince(zoneName())} value={day} onChange={(event) => choose({ from: event.currentTarget.value || undefined })} />
        <Select
          label={words.auditChanges}
          data={[
            { value: 'all', label: words.auditAll },
            { value: 'refused', label: words.auditRefused },
          ]}
          value={which === 'refused' ? which : 'all'}
          onChange={(next) => choose({ which: next === 'refused' ? next : undefined })}
          allowDeselect={false}
          w={160}
        />
        <TextInput
          label={words.auditSearch}
          placeholder={words.auditSearchHint}
          value={sought}
          onChange={(event) => {
            setSought(event.currentTarget.value);
            search(event.currentTarget.value.trim());
          }}
          leftSection={<SearchSign size={16} />}
          flex="1 1 14rem"
        />
      </Group>
      {entries.length === 0 && <Empty title={words.auditNone}>{words.auditNotKept}</Empty>}
      {entries.length > 0 && shown.length === 0 && <Text c="dimmed">{words.auditNoneFits}</Text>}
      {shown.length > 0 && (
        <CardTable label={words.tabs.audit ?? ''} head={Object.values(head)} figures={[4]}>
          {shown.map((entry) => (
            <StackedRow key={entry.seq}>
              <Cell of={head.at} style={{ whiteSpace: 'nowrap' }}>
                {dayAndTime(entry.at)}
              </Cell>
              <Cell of={head.who}>
                <Text size="sm">{entry.role ? (signInTexts.roles[entry.role] ?? entry.role) : words.nobody}</Text>
                <Text size="xs" c="dimmed">
                  {[entry.person, entry.key && `mk_${entry.key}`, entry.address].filter(Boolean).join(', ')}
                </Text>
              </Cell>
              <Cell isTitle style={{ overflowWrap: 'anywhere' }}>
                {whatTold(entry) && <Text size="sm">{whatTold(entry)}</Text>}
                <Text size="xs" c="dimmed">
                  {entry.method} {entry.target}
                </Text>
              </Cell>
              <Cell of={head.version}>
                {entry.version_before != null && entry.version_after != null && words.versionChange(entry.version_before, entry.version_after)}
              </Cell>
              <Cell of={head.status} isFigure c={isRefused(entry) ? 'var(--bad)' : undefined}>
                <Text size="sm">{words.auditStatus(entry.status)}</Text>
                <Text size="xs" c="dimmed">
                  {entry.status}
                </Text>
              </Cell>
            </StackedRow>
          ))}
        </CardTable>
      )}
      {told.hasNextPage && (
        <Button variant="default" mx="auto" loading={told.isFetchingNextPage} onClick={() => void told.fetchNextPage()}>
          {words.auditOlder}
        </Button>
      )}
    </Section>
  );
}
