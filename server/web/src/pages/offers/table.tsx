// The best people as a ranked list, each with the score and the reasons it is made of.
import { Box, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import type { Recommendations } from '../../api/offers';
import { peopleOf } from '../../api/people-of';
import { type Weights, partsOf } from '../../api/reasons';
import { PersonLink } from '../../parts/person-link';
import { Reasons } from '../../parts/reasons';
import { offers as offersTexts } from '../../texts/en/offers';

export function BestTable({ people, weights }: { people: Recommendations['customers']; weights: Weights }) {
  const words = offersTexts;
  const known = useQuery(peopleOf(people.map((one) => String(one.customer_id)))).data;
  return (
    <Table.ScrollContainer minWidth={260} type="native">
      <Table verticalSpacing={8} horizontalSpacing="xs" aria-label={words.ranked}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">{words.rank}</Table.Th>
            <Table.Th>{words.person}</Table.Th>
            <Table.Th ta="right">{words.score}</Table.Th>
            <Table.Th visibleFrom="sm">{words.why}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map((one, i) => {
            const id = String(one.customer_id);
            // On a phone there is no room beside the name.
            const why = <Reasons parts={partsOf(one.reasons, weights)} />;
            return (
              <Table.Tr key={id}>
                <Table.Td ta="right">
                  <Text size="sm" c="dimmed">
                    {i + 1}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <PersonLink person={known?.get(id) ?? { id, fields: { email: one.email } }} />
                  <Box hiddenFrom="sm" mt={6}>
                    {why}
                  </Box>
                </Table.Td>
                <Table.Td ta="right" fw={550}>
                  {one.score}
                </Table.Td>
                <Table.Td w="60%" visibleFrom="sm">
                  {why}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
