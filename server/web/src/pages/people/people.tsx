// Everybody, searched by id, by any text and by a rule, with chosen columns; `person.tsx` is one of them.
import { Button, Group, MultiSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import { schema } from '../../api/overview';
import { type Person, SHOWN_MAX, everybody, selected } from '../../api/people';
import { NAME_FIELDS } from '../../api/person-name';
import { readable } from '../../format/field';
import { count } from '../../format/number';
import { CardTable } from '../../parts/card-table';
import { Empty } from '../../parts/empty';
import { fieldChoices, fieldSelect } from '../../parts/field-choice';
import { PlusSign, SearchSign } from '../../parts/icons';
import { ButtonLink } from '../../parts/link';
import { May, NotForYou, useMay } from '../../parts/may';
import { NoneFits } from '../../parts/none-fits';
import { Page } from '../../parts/page';
import { PersonLink } from '../../parts/person-link';
import { Cell, StackedRow } from '../../parts/stacked';
import { Trouble } from '../../parts/trouble';
import { Shown } from '../../parts/value';
import { people as peopleTexts } from '../../texts/en/people';
import { bothRules, searchRule } from './search';

const route = getRouteApi('/app/people');

/** Milliseconds without a key after which a search is made. */
const PAUSE_MS = 200;
/** People that are shown at first, and so many more each time. */
const STEP = 50;
/** Columns that are shown when nobody has chosen any. */
const COLUMNS = 5;

export function People() {
  const words = peopleTexts;
  if (!useMay('read_people')) {
    return (
      <Page title={words.title}>
        <NotForYou right="read_people" />
      </Page>
    );
  }
  return <Everybody />;
}

function Everybody() {
  const words = peopleTexts;
  const navigate = route.useNavigate();
  const { rule, isWaiting } = useRule();
  const [shown, more] = useSteps(rule);
  // The filters keep what is typed in them; they begin anew once everything is taken out of them.
  const [clears, setClears] = useState(0);
  const list = useInfiniteQuery({ ...everybody, enabled: rule === undefined && !isWaiting });
  const found = useQuery({ ...selected(rule ?? '', shown), enabled: rule !== undefined });
  const asked = rule === undefined ? list : found;
  const all = list.data?.pages.flatMap((page) => page.items) ?? [];
  const told = found.isError ? undefined : found.data;
  const people = rule === undefined ? all : (told?.sample ?? []);
  const total = rule === undefined ? list.data?.pages[0]?.total : told?.count;
  const clear = () => void navigate({ search: ({ columns }) => ({ columns }) }).then(() => setClears(clears + 1));
  const about = () => {
    if (total === undefined) return ' ';
    return rule === undefined || !told ? words.about(count(total)) : words.found(count(total), count(told.population));
  };
  const segment = rule !== undefined && told && (
    <May right="write">
      <ButtonLink to="/app/segments/new" search={{ rule }} variant="default" leftSection={<PlusSign size={16} />}>
        {words.toSegment}
      </ButtonLink>
    </May>
  );
  return (
    <Page title={words.title} about={about()} actions={segment}>
      <Filters key={clears} />
      {asked.isError && <Trouble error={asked.error} onRetry={() => void asked.refetch()} />}
      {!asked.isError && total === undefined && <Skeleton height={320} radius="lg" />}
      {total === 0 && (rule === undefined ? <Nobody /> : <NoneFits title={peopleTexts.none} about={peopleTexts.noneAbout} onClear={clear} />)}
      {people.length > 0 && <PeopleTable people={people} />}
      {rule === undefined && list.hasNextPage && (
        <More isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
      )}
      {told && told.count > told.sample.length && shown < SHOWN_MAX && <More isLoading={found.isFetching} onMore={more} />}
      {told && told.count > shown && shown >= SHOWN_MAX && (
        <Text c="dimmed" ta="center">
          {words.firstOf(count(shown), count(told.count))}
        </Text>
      )}
    </Page>
  );
}

/** The rule that the address comes to; a search has to wait for the fields that it looks into. */
function useRule(): { rule: string | undefined; isWaiting: boolean } {
  const { q, rule } = route.useSearch();
  const fields = useQuery(schema).data;
  if (q !== undefined && !fields) return { rule: undefined, isWaiting: true };
  const { name = 'id' } = (fields?.id_field ?? {}) as { name?: string };
  const texts = fields?.fields.filter((field) => field.type === 'keyword' && !('masked' in field)) ?? [];
  const search = q === undefined ? undefined : searchRule(name, texts.map((field) => field.name), q);
  return { rule: bothRules(search, rule), isWaiting: false };
}

/** How many people are shown of a rule, and how to see more of them. */
function useSteps(rule: string | undefined): [number, () => void] {
  const [steps, setSteps] = useState({ of: rule, shown: STEP });
  const shown = steps.of === rule ? steps.shown : STEP;
  return [shown, () => setSteps({ of: rule, shown: Math.min(SHOWN_MAX, shown * 2) })];
}

function More({ isLoading, onMore }: { isLoading: boolean; onMore: () => void }) {
  return (
    <Button variant="default" mx="auto" loading={isLoading} onClick={onMore}>
      {peopleTexts.more}
    </Button>
  );
}

function Nobody() {
  const words = peopleTexts;
  const action = (
    <ButtonLink to="/app/data" search={{ tab: 'import' }}>
      {words.import}
    </ButtonLink>
  );
  return (
    <Empty title={words.nobody} action={action}>
      {words.nobodyAbout}
    </Empty>
  );
}

/** The chosen columns, or the fields that most people have a value of. */
function useColumns(): { chosen: string[]; types: Map<string, string> } {
  const { columns } = route.useSearch();
  const all = useQuery(schema).data?.fields ?? [];
  const types = new Map(all.map((field) => [field.name, field.type]));
  const usual = all.filter(({ name }) => !NAME_FIELDS.includes(name)).sort((a, b) => Number(b.present > 0) - Number(a.present > 0)).slice(0, COLUMNS).map((one) => one.name);
  const chosen = columns?.split(',').filter((name) => types.has(name));
  return { chosen: chosen ?? usual, types };
}

function Filters() {
  const words = peopleTexts;
  const { q = '', rule = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { chosen, types } = useColumns();
  const change = (changed: { q?: string; rule?: string; columns?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const search = useDebouncedCallback((text: string) => change({ q: text.trim() || undefined }), PAUSE_MS);
  const limit = useDebouncedCallback((text: string) => change({ rule: text.trim() || undefined }), PAUSE_MS * 2);
  return (
    <Stack gap="sm" role="search">
      <Group gap="sm" align="flex-end">
        <TextInput
          label={words.search}
          placeholder={words.searchHint}
          defaultValue={q}
          onChange={(event) => search(event.currentTarget.value)}
          leftSection={<SearchSign size={16} />}
          flex="1 1 14rem"
        />
        <TextInput
          label={words.rule}
          placeholder={words.ruleHint}
          defaultValue={rule}
          onChange={(event) => limit(event.currentTarget.value)}
          spellCheck={false}
          flex="2 1 18rem"
        />
      </Group>
      <MultiSelect
        label={words.columns}
        data={fieldChoices([...types.keys()])}
        {...fieldSelect}
        value={chosen}
        onChange={(next) => change({ columns: next.join(',') || undefined })}
        searchable
        hidePickedOptions
        maxValues={12}
      />
    </Stack>
  );
}

function PeopleTable({ people }: { people: Person[] }) {
  const words = peopleTexts;
  const { chosen, types } = useColumns();
  return (
    <CardTable label={words.title} highlightOnHover head={[words.person, ...chosen.map(readable)]}>
      {people.map((one) => (
        <StackedRow key={String(one.id)}>
          <Cell>
            <PersonLink person={one} />
          </Cell>
          {chosen.map((name) => (
            <Cell key={name} of={readable(name)} maw="16rem">
              <Shown value={one.fields[name]} type={types.get(name) ?? ''} isMasked={one.masked?.includes(name)} isShort />
            </Cell>
          ))}
        </StackedRow>
      ))}
    </CardTable>
  );
}
