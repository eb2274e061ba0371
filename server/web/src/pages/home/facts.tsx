// The four numbers on top.
import type { Schemas } from '../../api/client';
import { movedToday } from '../../charts/daily';
import { count, short } from '../../format/number';
import { Fact } from '../../parts/fact';
import { home as homeTexts } from '../../texts/en/home';

interface FactsProps {
  dashboard: Schemas['DashboardAnswer'] | undefined;
  analytics: Schemas['SegmentAnalytics'] | undefined;
  fields: number | undefined;
}

export function Facts({ dashboard, analytics, fields }: FactsProps) {
  const words = homeTexts;
  const moves = analytics?.items.map((one) => movedToday(one.trend, analytics.now));
  const sum = (of: 'entered' | 'left') => short((moves ?? []).reduce((total, move) => total + move[of], 0));
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
        value={moves && words.movesValue(sum('entered'), sum('left'))}
        note={words.movesNote}
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
