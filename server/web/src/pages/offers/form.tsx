// An offer is made or changed.
import { Autocomplete, Group, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { type Offer, addOffer, matching, saveOffer } from '../../api/offers';
import { schema } from '../../api/overview';
import { distribution } from '../../api/rule';
import { currencyCode } from '../../format/number';
import { zoneName } from '../../format/time';
import { ChangeDialog } from '../../parts/change-dialog';
import { offers as offersTexts } from '../../texts/en/offers';
import { type Typed, typedOf, wishOf } from './wish';

/** Values that are offered at a time. */
const OFFERED = 30;

interface OfferFormProps {
  /** The one that is changed; none: a new one. */
  offer?: Offer;
  onClose: () => void;
  onSaved?: (saved: Offer) => void;
}

export function OfferForm({ offer, onClose, onSaved }: OfferFormProps) {
  const words = offersTexts.form;
  const currency = currencyCode();
  const [typed, setTyped] = useState(() => typedOf(offer));
  const change = (changed: Partial<Typed>) => setTyped((before) => ({ ...before, ...changed }));
  const isReversed = typed.priceMin !== '' && typed.priceMax !== '' && Number(typed.priceMax) < Number(typed.priceMin);
  const save = () => (offer ? saveOffer(offer.id, wishOf(typed, offer)) : addOffer(wishOf(typed)));
  const text = (key: 'name' | 'begins') => ({ value: typed[key], onChange: (event: { currentTarget: { value: string } }) => change({ [key]: event.currentTarget.value }) });
  return (
    <ChangeDialog
      title={offer ? offersTexts.editTitle(offer.name) : offersTexts.newTitle}
      submit={offersTexts.save}
      ask={save}
      said={(saved) => offersTexts.saved(saved.name)}
      onMade={onSaved}
      onClose={onClose}
      isDisabled={typed.name.trim() === '' || isReversed}
      size="lg"
    >
      <TextInput label={words.name} placeholder={words.nameHint} required data-autofocus {...text('name')} />
      <Group grow align="flex-start">
        <TextInput type="datetime-local" label={words.begins(zoneName())} {...text('begins')} />
        <Select
          label={words.status}
          data={Object.entries(offersTexts.statuses).map(([value, label]) => ({ value, label }))}
          value={typed.status}
          onChange={(status) => change({ status: status ?? 'active' })}
          allowDeselect={false}
        />
      </Group>
      <Words asked="genres" label={words.genres} value={typed.genres} onChange={(genres) => change({ genres })} />
      <Words asked="event_types" label={words.types} value={typed.types} onChange={(types) => change({ types })} />
      <Words asked="artists" label={words.artists} value={typed.artists} onChange={(artists) => change({ artists })} />
      <Group grow align="flex-start">
        <Price label={words.priceIn(words.priceMin, currency)} value={typed.priceMin} onChange={(priceMin) => change({ priceMin })} />
        <Price
          label={words.priceIn(words.priceMax, currency)}
          value={typed.priceMax}
          onChange={(priceMax) => change({ priceMax })}
          error={isReversed ? words.reversed : undefined}
        />
      </Group>
      <Group grow align="flex-start">
        <Place asked="city" label={words.city} value={typed.city} onChange={(city) => change({ city })} />
        <Place asked="country" label={words.country} value={typed.country} onChange={(country) => change({ country })} />
      </Group>
      {!offer && (
        <NumberInput
          label={words.id}
          description={words.idAbout}
          value={typed.id}
          onChange={(id) => change({ id })}
          min={1}
          allowDecimal={false}
          hideControls
        />
      )}
    </ChangeDialog>
  );
}

/** Values that people have in the field which is asked for something, the most frequent first. */
function useKnown(asked: string): string[] {
  const name = useQuery(matching).data?.fields[asked] ?? '';
  const isField = useQuery(schema).data?.fields.some((field) => field.name === name) ?? false;
  const told = useQuery({ ...distribution(name, null, { top: true }), enabled: isField }).data;
  return isField ? (told?.top ?? []).map((one) => String(one.value)) : [];
}

interface WordsProps {
  asked: string;
  label: string;
  value: string[];
  onChange: (value: string[]) => void;
}

function Words({ asked, label, value, onChange }: WordsProps) {
  return (
    <TagsInput
      label={label}
      placeholder={value.length === 0 ? offersTexts.form.words : undefined}
      data={useKnown(asked)}
      limit={OFFERED}
      value={value}
      onChange={onChange}
    />
  );
}

function Place({ asked, label, value, onChange }: Omit<WordsProps, 'value' | 'onChange'> & { value: string; onChange: (value: string) => void }) {
  return <Autocomplete label={label} data={useKnown(asked)} limit={OFFERED} value={value} onChange={onChange} />;
}

interface PriceProps {
  label: string;
  value: string | number;
  onChange: (value: string | number) => void;
  error?: string;
}

function Price(props: PriceProps) {
  return <NumberInput {...props} min={0} decimalScale={4} hideControls />;
}
