// Everything at a glance: how many people, how large the segments are and how that goes, what was done, what is amiss.
import { Grid, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { analytics, dashboard, schema } from '../../api/overview';
import { took } from '../../format/number';
import { timeOfDay, zoneName } from '../../format/time';
import { Empty } from '../../parts/empty';
import { PlusSign } from '../../parts/icons';
import { ButtonLink } from '../../parts/link';
import { Page } from '../../parts/page';
import { Trouble } from '../../parts/trouble';
import { home as homeTexts } from '../../texts/en/home';
import { AudiencePanel } from './audiences';
import { Facts } from './facts';
import { HealthPanel } from './health';
import { PopulationPanel } from './population';
import { RecentPanel } from './recent';
import { SegmentPanel, TREND_DAYS } from './segments';

export function Home() {
  const sizes = useQuery(dashboard);
  const moves = useQuery(analytics(TREND_DAYS));
  const fields = useQuery(schema);
  const words = homeTexts;
  const told = sizes.data;
  if (sizes.isError && !told) {
    return (
      <Page title={words.title}>
        <Trouble error={sizes.error} onRetry={() => void sizes.refetch()} />
      </Page>
    );
  }
  if (told?.population === 0) {
    return (
      <Page title={words.title}>
        <Empty title={words.noPeople} action={<ButtonLink to="/app/data">{words.import}</ButtonLink>}>
          {words.noPeopleAbout}
        </Empty>
      </Page>
    );
  }
  return (
    <Page
      title={words.title}
      about={told ? words.about(timeOfDay(told.now), zoneName(), took(told.took_us)) : ' '}
      actions={
        <ButtonLink to="/app/segments/new" leftSection={<PlusSign size={16} />}>
          {words.newSegment}
        </ButtonLink>
      }
    >
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
        <Facts dashboard={told} analytics={moves.data} fields={fields.data?.fields.length} isUntold={moves.isError} />
      </SimpleGrid>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            <SegmentPanel dashboard={told} analytics={moves.data} />
            <AudiencePanel dashboard={told} />
            <PopulationPanel />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="md">
            <HealthPanel schema={fields.data} segments={told?.segments} />
            <RecentPanel dashboard={told} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
