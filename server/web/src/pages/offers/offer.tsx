// One offer: what it is, whom it fits best and why.
import { Badge, Button, Grid, Group, Skeleton, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';

import { type Offer, deleteOffer, offer as offerQuery, offers } from '../../api/offers';
import { Problem } from '../../api/problem';
import { Empty } from '../../parts/empty';
import { FormDialog } from '../../parts/form-dialog';
import { ButtonLink } from '../../parts/link';
import { May } from '../../parts/may';
import { done } from '../../parts/notify';
import { Page } from '../../parts/page';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { offers as offersTexts } from '../../texts/en/offers';
import { Best } from './best';
import { Facts } from './facts';
import { kindOf } from './narrow';
import { priceTold, whenTold, whereTold } from './told';

const OfferForm = lazy(() => import('./form').then((part) => ({ default: part.OfferForm })));

const route = getRouteApi('/app/offers/$id');

export function OfferPage() {
  const words = offersTexts;
  const { id } = route.useParams();
  const found = useQuery(offerQuery(Number(id)));
  const back = (
    <ButtonLink to="/app/offers" variant="default">
      {words.back}
    </ButtonLink>
  );
  const [isDeleted, setDeleted] = useState(false);
  if (found.data && !isDeleted) return <One key={found.data.id} offer={found.data} onDeleted={() => setDeleted(true)} />;
  const isGone = found.error instanceof Problem && found.error.status === 404;
  return (
    <Page title={isGone ? words.gone : words.title} actions={back}>
      {isGone && <Empty title={words.gone}>{words.goneAbout}</Empty>}
      {found.isError && !isGone && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {(found.isPending || isDeleted) && <Skeleton height={480} radius="lg" />}
    </Page>
  );
}

function One({ offer, onDeleted }: { offer: Offer; onDeleted: () => void }) {
  const words = offersTexts;
  const kind = kindOf(offer, new Date());
  const about = [whenTold(offer), whereTold(offer), priceTold(offer)].filter(Boolean).join(' · ');
  return (
    <Page
      title={offer.name}
      about={
        <Group component="span" gap={8}>
          {about || words.notSaid}
          {kind !== 'ahead' && <Badge component="span">{words[kind]}</Badge>}
        </Group>
      }
      actions={
        <Group gap="xs">
          <ButtonLink to="/app/offers" variant="default">
            {words.back}
          </ButtonLink>
          <May right="write">
            <Changes offer={offer} onDeleted={onDeleted} />
          </May>
        </Group>
      }
    >
      <May right="read_people" instead={<Counting offer={offer} />}>
        <Best offer={offer} />
      </May>
    </Page>
  );
}

/** What is left for whoever may not see people. */
function Counting({ offer }: { offer: Offer }) {
  const words = offersTexts;
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Facts offer={offer} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Panel title={words.best}>
          <Text c="dimmed">{words.notForCounting}</Text>
        </Panel>
      </Grid.Col>
    </Grid>
  );
}

function Changes({ offer, onDeleted }: { offer: Offer; onDeleted: () => void }) {
  const words = offersTexts;
  const [doing, setDoing] = useState<'change' | 'delete'>();
  const close = () => setDoing(undefined);
  return (
    <>
      <Button variant="default" onClick={() => setDoing('change')}>
        {words.edit}
      </Button>
      <Button variant="default" c="var(--bad)" onClick={() => setDoing('delete')}>
        {words.delete}
      </Button>
      {doing === 'change' && (
        <Suspense>
          <OfferForm offer={offer} onClose={close} />
        </Suspense>
      )}
      {doing === 'delete' && <Delete offer={offer} onClose={close} onDeleted={onDeleted} />}
    </>
  );
}

function Delete({ offer, onClose, onDeleted }: { offer: Offer; onClose: () => void; onDeleted: () => void }) {
  const words = offersTexts;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteOffer(offer.id),
    onSuccess: async () => {
      // What is gone is not to be asked for again, here or in the list.
      queries.setQueryData(offers.queryKey, (before) => before?.filter((one) => one.id !== offer.id));
      onDeleted();
      done(words.deleted(offer.name));
      await navigate({ to: '/app/offers' });
      queries.removeQueries({ queryKey: ['offer', offer.id] });
    },
  });
  return (
    <FormDialog
      title={words.deleteTitle(offer.name)}
      submit={words.delete}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
      isPending={remove.isPending}
      error={remove.error}
      isGrave
    >
      <Text size="sm">{words.deleteAbout}</Text>
    </FormDialog>
  );
}
