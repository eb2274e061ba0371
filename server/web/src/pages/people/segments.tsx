// Which segments somebody is in, and why they are in one of all, or are not.
import { Badge, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { dashboard } from '../../api/overview';
import { type PersonInSegments, whyInSegment } from '../../api/people';
import { TextLink } from '../../parts/link';
import { people as peopleTexts } from '../../texts/en/people';
import { Explained, Sign } from './explained';
import { WhyPanel } from './why-panel';

const route = getRouteApi('/app/people/$id');

export function SegmentsPanel({ person, id }: { person: PersonInSegments; id: string }) {
  const words = peopleTexts;
  const { segment } = route.useSearch();
  const navigate = route.useNavigate();
  const all = useQuery(dashboard).data?.segments;
  const chosen = segment ?? person.segments[0]?.id ?? all?.[0]?.id;
  const why = useQuery({ ...whyInSegment(chosen ?? 0, id), enabled: chosen !== undefined });
  const member = (
    <div>
      <Text size="sm" mb={6}>
        {person.segments.length === 0 ? words.inNone : words.inSegments(person.segments.length)}
      </Text>
      <Group gap={6}>
        {person.segments.map((one) => (
          <Badge key={one.id}>{one.name}</Badge>
        ))}
      </Group>
    </div>
  );
  return (
    <WhyPanel
      title={words.segments}
      about={words.segmentsAbout}
      none={words.noSegments}
      label={words.why}
      all={all}
      chosen={chosen}
      onChoose={(next) => void navigate({ search: (before) => ({ ...before, segment: next }), replace: true, resetScroll: false })}
      why={why}
      before={member}
    >
      {why.data && (
        <div>
          <Group gap={8} mb={4} wrap="nowrap">
            <Sign holds={why.data.in} />
            <Text fw={550}>
              {why.data.in ? words.isIn : words.isOut}{' '}
              <TextLink to="/app/segments/$id" params={{ id: String(chosen) }} inherit underline="always">
                {all?.find((one) => one.id === chosen)?.name}
              </TextLink>
            </Text>
          </Group>
          <Explained told={why.data} />
        </div>
      )}
    </WhyPanel>
  );
}
