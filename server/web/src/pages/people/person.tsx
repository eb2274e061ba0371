// One person: what they are (`fields.tsx`), what they did (`events.tsx`), which segments (`segments.tsx`) and audiences
// (`audiences.tsx`) they are in and why (`explained.tsx` draws it), what they consent to (`consent.tsx`), which offers fit them
// (`offers.tsx`), and erasing them (`erase.tsx`).
import { Grid, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { person } from '../../api/people';
import { personName } from '../../api/person-name';
import { Problem } from '../../api/problem';
import { timeOfDay, zoneName } from '../../format/time';
import { Empty } from '../../parts/empty';
import { ButtonLink } from '../../parts/link';
import { May, NotForYou, useMay } from '../../parts/may';
import { Page } from '../../parts/page';
import { Trouble } from '../../parts/trouble';
import { people as peopleTexts } from '../../texts/en/people';
import { AudiencesPanel } from './audiences';
import { ConsentPanel } from './consent';
import { Erase, Receipt } from './erase';
import { EventsPanel } from './events';
import { FieldsPanel } from './fields';
import { OffersPanel } from './offers';
import { SegmentsPanel } from './segments';

const route = getRouteApi('/app/people/$id');

export function Person() {
  const words = peopleTexts;
  const { id } = route.useParams();
  const mayRead = useMay('read_people');
  const [receipt, setReceipt] = useState<Schemas['ErasureReceipt']>();
  const found = useQuery({ ...person(id), enabled: mayRead && receipt === undefined });
  const back = (
    <ButtonLink to="/app/people" variant="default">
      {words.back}
    </ButtonLink>
  );
  if (receipt) {
    return (
      <Page title={words.erased} actions={back}>
        <Receipt id={id} receipt={receipt} />
      </Page>
    );
  }
  if (!mayRead || found.isError) {
    const isGone = found.error instanceof Problem && found.error.status === 404;
    return (
      <Page title={id} actions={back}>
        {!mayRead && <NotForYou right="read_people" />}
        {isGone && <Empty title={words.gone}>{words.goneAbout}</Empty>}
        {mayRead && !isGone && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      </Page>
    );
  }
  const name = found.data ? personName(found.data).name : id;
  const about = found.data ? [...(name === id ? [] : [id]), words.asOf(timeOfDay(found.data.now), zoneName())].join(' · ') : ' ';
  const actions = (
    <>
      {back}
      <May right="administer">
        <Erase id={id} onErased={setReceipt} />
      </May>
    </>
  );
  return (
    <Page title={name} about={about} actions={<div style={{ display: 'flex', gap: 8 }}>{actions}</div>}>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="md">
            {found.data ? <FieldsPanel person={found.data} /> : <Skeleton height={320} radius="lg" />}
            <EventsPanel id={id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            {found.data ? <SegmentsPanel person={found.data} id={id} /> : <Skeleton height={240} radius="lg" />}
            <AudiencesPanel id={id} />
            <ConsentPanel id={id} />
            <OffersPanel id={id} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
