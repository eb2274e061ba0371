// The four numbers on top.
import type { Schemas } from '../../api/client';
import { count, short } from '../../format/number';
import { hourAndMinute, zoneName } from '../../format/time';
import { Fact } from '../../parts/fact';
import { home as homeTexts } from '../../texts/en/home';

interface FactsProps {
  dashboard: Schemas['DashboardAnswer'] | undefined;
  analytics: Schemas['SegmentAnalytics'] | undefined;
  fields: number | undefined;
  /** Whether it is not known how the sizes went. */
  isUntold: boolean;
}

export function Facts({ dashboard, analytics, fields, isUntold }: FactsProps) {
  const words = homeTexts;
  const sum = (of: 'entered_since' | 'left_since') => short((analytics?.items ?? []).reduce((total, one) => total + (one[of] ?? 0), 0));
  const active = dashboard?.segments.filter((one) => one.status === 'active').length;
  return (
    <>
      <Fact
        label={words.people}
        value={dashboard && count(dashboard.population)}
        note={fields === undefined ? ' ' : words.peopleNote(fields)}
      />
      <Fact
        label={words.moves}
        value={analytics ? words.movesValue(sum('entered_since'), sum('left_since')) : isUntold ? '–' : undefined}
        note={analytics?.since ? words.movesNote(hourAndMinute(analytics.since), zoneName()) : ' '}
      />
      <Fact
        label={words.segments}
        value={dashboard && count(dashboard.segments.length)}
        note={active === undefined ? ' ' : words.segmentsNote(active)}
      />
      <Fact
        label={words.audiences}
        value={dashboard && count(dashboard.audiences.length)}
        note={dashboard ? words.audiencesNote(dashboard.lists) : ' '}
      />
    </>
  );
}
