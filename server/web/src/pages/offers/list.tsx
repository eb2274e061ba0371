// All offers, searched, by whether they are to come, over, or not on sale. `offer.tsx` is one of them: what it is (`facts`),
// whom it fits (`best` and its `table`), what each reason brings (`brings`), a segment of them (`make`); `form` makes and
// changes one; `scoring.tsx` is how reasons weigh. `narrow`, `scores`, `settings`, `told` and `wish` are the logic of it.
import { Button, Group, Select, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';

import { type Offer, offers } from '../../api/offers';
import { count } from '../../format/number';
import { CardTable } from '../../parts/card-table';
import { Empty } from '../../parts/empty';
import { PlusSign, SearchSign } from '../../parts/icons';
import { ButtonLink } from '../../parts/link';
import { May, useMay } from '../../parts/may';
import { NoneFits } from '../../parts/none-fits';
import { Page } from '../../parts/page';
import { StackedRow } from '../../parts/stacked';
import { Trouble } from '../../parts/trouble';
import { offers as offersTexts } from '../../texts/en/offers';
import { KINDS, type Kind, narrowed } from './narrow';
import { OfferRow } from './row';

const OfferForm = lazy(() => import('./form').then((part) => ({ default: part.OfferForm })));

const route = getRouteApi('/app/offers');

/** Milliseconds without a key after which a search is made. */
const PAUSE_MS = 150;
/** Offers that are shown at first, and so many more each time: beside each stands whom it fits. */
const STEP = 20;

const isKind = (text: string | undefined): text is Kind => KINDS.some((kind) => kind === text);

export function OfferList() {
  const words = offersTexts;
  const { q = '', kind: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery(offers);
  const kind = isKind(chosen) ? chosen : 'ahead';
  const found = narrowed(list.data ?? [], kind, q, new Date());
  const isNone = list.isSuccess && list.data.length === 0;
  // The search keeps what is typed in it; it begins anew once everything is shown.
  const [clears, setClears] = useState(0);
  const clear = () => void navigate({ search: { kind: 'all' } }).then(() => setClears(clears + 1));
  return (
    <Page
      title={words.title}
      about={words.about}
      actions={
        <Group gap="xs">
          <ButtonLink to="/app/offers/scoring" variant="default">
            {words.toWeights}
          </ButtonLink>
          <May right="write">
            <New />
          </May>
        </Group>
      }
    >
      {!isNone && <Filters key={clears} kind={kind} />}
      {list.isError && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={320} radius="lg" />}
      {isNone && <Empty title={words.noneYet}>{words.noneYetAbout}</Empty>}
      {list.isSuccess && !isNone && found.length === 0 && <NoneFits title={words.none} about={words.noneAbout} onClear={clear} />}
      {found.length > 0 && <Rows key={`${kind} ${q}`} found={found} />}
    </Page>
  );
}

function Filters({ kind }: { kind: Kind }) {
  const words = offersTexts;
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: { q?: string; kind?: string }) => void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const search = useDebouncedCallback((text: string) => change({ q: text.trim() || undefined }), PAUSE_MS);
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
        aria-label={words.kind}
        data={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
        value={kind}
        onChange={(next) => change({ kind: next === 'ahead' ? undefined : (next ?? undefined) })}
        allowDeselect={false}
        w={140}
      />
    </Group>
  );
}

function Rows({ found }: { found: Offer[] }) {
  const words = offersTexts;
  const [shown, setShown] = useState(STEP);
  const mayRead = useMay('read_people');
  const head = [words.head.name, words.head.when, words.head.where, words.head.price, ...(mayRead ? [words.head.fits] : [])];
  return (
    <>
      <CardTable label={words.found(found.length, count(found.length))} head={head} figures={mayRead ? [3, 4] : [3]}>
        {found.slice(0, shown).map((offer) => (
          <StackedRow key={offer.id}>
            <OfferRow offer={offer} hasFigure={mayRead} />
          </StackedRow>
        ))}
      </CardTable>
      {found.length > shown && (
        <Button variant="default" mx="auto" onClick={() => setShown(shown + STEP)}>
          {words.more}
        </Button>
      )}
    </>
  );
}

function New() {
  const words = offersTexts;
  const [isOpen, form] = useDisclosure(false);
  const navigate = route.useNavigate();
  return (
    <>
      <Button leftSection={<PlusSign size={16} />} onClick={form.open}>
        {words.new}
      </Button>
      {isOpen && (
        <Suspense>
          <OfferForm onClose={form.close} onSaved={(saved) => void navigate({ to: '/app/offers/$id', params: { id: String(saved.id) } })} />
        </Suspense>
      )}
    </>
  );
}
