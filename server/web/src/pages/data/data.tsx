// What people have and do, and how it comes in and goes out: the fields (`fields.tsx`, one of them in `field.tsx`), the events
// (`events.tsx`), imports (`import.tsx`, `mapping.tsx`, `changes.tsx`, `report.tsx`; files are read by `look.ts` and `csv.ts`), exports
// (`exports.tsx`), and what is amiss (`health.tsx`).
import { Skeleton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';

import { schema } from '../../api/overview';
import { count } from '../../format/number';
import { NotForYou, useMay } from '../../parts/may';
import { Page } from '../../parts/page';
import { data as dataTexts } from '../../texts/en/data';
import classes from './data.module.css';
import { Fields } from './fields';

const route = getRouteApi('/app/data');

// What is not seen at first is a script of its own.
const Events = lazy(async () => ({ default: (await import('./events')).Events }));
const Import = lazy(async () => ({ default: (await import('./import')).Import }));
const Exports = lazy(async () => ({ default: (await import('./exports')).Exports }));
const Health = lazy(async () => ({ default: (await import('./health')).Health }));

export function Data() {
  const words = dataTexts;
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const mayCount = useMay('count');
  const mayImport = useMay('administer');
  const mayRead = useMay('read_people');
  const told = useQuery({ ...schema, enabled: mayCount }).data;
  if (!mayCount) {
    return (
      <Page title={words.title}>
        <NotForYou right="count" />
      </Page>
    );
  }
  const pages = {
    fields: <Fields />,
    events: <Events />,
    ...(mayImport ? { import: <Import /> } : {}),
    ...(mayRead ? { exports: <Exports /> } : {}),
    health: <Health />,
  };
  const chosen = tab !== undefined && tab in pages ? tab : 'fields';
  return (
    <Page title={words.title} about={told ? words.about(told.fields.length, count(told.population)) : ' '}>
      <Tabs
        value={chosen}
        onChange={(next) => void navigate({ search: { tab: next === 'fields' ? undefined : (next ?? undefined) } })}
        keepMounted={false}
      >
        <Tabs.List mb="lg" className={classes.tabs} aria-label={words.title}>
          {Object.keys(pages).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {words.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Object.entries(pages).map(([name, page]) => (
          <Tabs.Panel key={name} value={name}>
            <Suspense fallback={<Skeleton height={320} radius="lg" />}>{page}</Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
