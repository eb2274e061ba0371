// Why an offer fits somebody, as a bar and in words.
import { Text } from '@mantine/core';

import type { Part } from '../api/reasons';
import { Slots } from '../charts/slots';
import { reasons as reasonsTexts } from '../texts/en/reasons';

export function Reasons({ parts }: { parts: Part[] }) {
  const words = reasonsTexts;
  // Living in the country counts as the place does, for less.
  const name = ({ key, value, most }: Part) => (key === 'location' && value < most ? words.country : words.names[key]);
  const told = parts.filter((part) => part.value > 0).map((part) => words.part(name(part), part.value));
  return (
    <>
      <Slots slots={parts} />
      <Text size="xs" c="dimmed" mt={4}>
        {told.length === 0 ? words.none : told.join(' · ')}
      </Text>
    </>
  );
}
