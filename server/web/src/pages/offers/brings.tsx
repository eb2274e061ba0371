// What each reason brings: to how many people, and why some bring nothing to anybody.
import { List, Text } from '@mantine/core';

import type { Matching, Recommendations } from '../../api/offers';
import { type ReasonKey, weightsOf } from '../../api/reasons';
import { Bars } from '../../charts/bars';
import { count, share } from '../../format/number';
import { TextLink } from '../../parts/link';
import { May } from '../../parts/may';
import { Panel } from '../../parts/panel';
import { offers as offersTexts } from '../../texts/en/offers';
import { type Brought, broughtBy, mostReachable } from './scores';

/** Where the server says that a field is not there. */
const FIELDS = '/fields/';

interface BringsProps {
  found: Recommendations;
  settings: Matching;
}

export function Brings({ found, settings }: BringsProps) {
  const words = offersTexts;
  const all = broughtBy(found.factors, weightsOf(settings.weights));
  const can = all.filter((one) => one.count !== undefined);
  const cannot = all.filter((one) => one.count === undefined);
  const told = (n: number) => words.has(count(n), share(found.population === 0 ? 0 : n / found.population));
  const bars = can.map((one) => ({ name: words.points(nameOf(one, can), one.weight), value: one.count ?? 0, told: told(one.count ?? 0) }));
  const lacking = lackingOf(found);
  const why = (key: ReasonKey) => {
    const asked = lacking.find((one) => REASON_OF[one] === key);
    return asked ? words.fieldLacks(settings.fields[asked] ?? asked) : words.offerLacks;
  };
  // Half of a reason may lack its field, such as the city where the country is known; other remarks are about words.
  const halves = lacking.filter((asked) => !cannot.some((one) => one.key === REASON_OF[asked]));
  const remarks = [
    ...halves.map((asked) => words.halfLacks(words.fieldOf[asked] ?? asked, words.fieldLacks(settings.fields[asked] ?? asked))),
    ...found.warnings.filter((one) => !one.pointer.startsWith(FIELDS)).map((one) => one.message),
  ];
  return (
    <Panel title={words.brings} about={words.bringsAbout(mostReachable(found.factors), found.max_score)}>
      {bars.length > 0 && <Bars label={words.brings} head={words.bringsHead} bars={bars} whole={Math.max(1, found.population)} />}
      {cannot.length > 0 && (
        <>
          <Text size="sm" fw={550} mt="md" mb={4}>
            {words.cannot}
          </Text>
          <List size="sm" c="dimmed" spacing={2}>
            {cannot.map(({ key, weight }) => (
              <List.Item key={key}>{words.cannotHave(words.reasonNames[key], weight, why(key))}</List.Item>
            ))}
          </List>
        </>
      )}
      {remarks.map((remark) => (
        <Text key={remark} size="sm" c="dimmed" mt="xs">
          {remark}
        </Text>
      ))}
      {lacking.length > 0 && (
        <May right="write">
          <Text size="sm" mt="xs">
            <TextLink to="/app/offers/scoring">{words.setField}</TextLink>
          </Text>
        </May>
      )}
    </Panel>
  );
}

/** Of living there, which of the two it is where both count. */
function nameOf(one: Brought, all: Brought[]): string {
  const words = offersTexts;
  if (one.isCountry) return words.inCountry;
  return one.key === 'location' && all.some((other) => other.isCountry) ? words.inCity : words.reasonNames[one.key];
}

/** The reason that a field is asked for. */
const REASON_OF: Record<string, ReasonKey> = {
  genres: 'genre',
  event_types: 'type',
  artists: 'artist',
  price_min: 'price',
  price_max: 'price',
  avg_order: 'price',
  city: 'location',
  country: 'location',
  engagement_score: 'engagement',
  watchlist: 'watchlist',
};

/** What fields that are not there, or cannot say, are asked for. */
const lackingOf = ({ warnings }: Recommendations): string[] =>
  warnings.flatMap(({ pointer }) => (pointer.startsWith(FIELDS) ? [pointer.slice(FIELDS.length)] : []));
