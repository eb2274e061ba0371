// What an offer is, all of it.
import type { Offer } from '../../api/offers';
import { Panel } from '../../parts/panel';
import { offers as offersTexts } from '../../texts/en/offers';
import classes from './offers.module.css';
import { priceTold, whenTold, whereTold } from './told';

export function Facts({ offer }: { offer: Offer }) {
  const words = offersTexts;
  const facts: [keyof typeof words.factOf, string | undefined][] = [
    ['begins', whenTold(offer)],
    ['status', words.statuses[offer.status]],
    ['where', whereTold(offer)],
    ['price', priceTold(offer)],
    ['genres', offer.genres.join(', ')],
    ['types', offer.event_types.join(', ')],
    ['artists', offer.artists.join(', ')],
    ['id', String(offer.id)],
  ];
  return (
    <Panel title={words.facts}>
      <dl className={classes.facts}>
        {facts.map(([key, told]) => (
          <div key={key}>
            <dt>{words.factOf[key]}</dt>
            <dd data-none={told ? undefined : true}>{told || words.notSaid}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
