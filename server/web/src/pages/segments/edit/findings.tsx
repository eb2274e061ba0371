// What the rule says in vain, in words, and a button that says it in fewer.
import { Button, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';

import { type Criteria, type Finding, lint } from '../../../api/rule';
import { inWords } from '../../../format/field';
import { TextLink } from '../../../parts/link';
import { Panel } from '../../../parts/panel';
import { builder as builderTexts } from '../../../texts/en/builder';
import { heirOf } from '../rule/actions';
import { focusNode } from '../rule/context';
import { type GroupNode, type Written, fromCriteria, replaced, toCriteria } from '../rule/criteria';
import type { Json } from '../rule/leaf';

/** Milliseconds without a change after which the rule is looked at: it takes longer than counting. */
const PAUSE_MS = 500;

/** Findings that are shown; what is cured makes room. */
const SHOWN = 4;

/** What is no mistake: that a saved segment is wider or narrower. */
const HARMLESS = ['contained', 'containing'];

interface FindingsProps {
  segment: number | null;
  written: Written;
  rule: string;
  onChange: (put: (root: GroupNode) => GroupNode) => void;
}

export function Findings({ segment, written, rule, onChange }: FindingsProps) {
  const words = builderTexts;
  const [settled] = useDebouncedValue(rule, PAUSE_MS);
  const { data, isPlaceholderData } = useQuery(lint(JSON.parse(settled) as Criteria | null, segment));
  // Only what was found in the rule that is there now.
  const findings = settled === rule && !isPlaceholderData ? (data?.findings ?? []).filter((one) => !HARMLESS.includes(one.code)) : [];
  if (rule === 'null' || findings.length === 0) return null;
  // The button goes with what it cures: the cursor goes on where the rule was mended, or in what takes that place.
  const cure = (finding: Finding) => {
    const id = written.ids.get(finding.pointer)?.[0] ?? '';
    const near = [id, heirOf(id) ?? ''];
    onChange((root) => cured(root, finding, written));
    focusNode(near, 'button');
  };
  return (
    <Panel title={words.findings}>
      <Stack gap="sm">
        {findings.slice(0, SHOWN).map((finding) => (
          <div key={`${finding.code} ${finding.pointer} ${finding.message}`}>
            <Text size="sm">{sentence(inWords(finding.message))}</Text>
            {finding.cure && (
              <Button
                mt={4}
                size="compact-xs"
                variant="default"
                aria-label={words.cureOf(inWords(finding.message))}
                onClick={() => cure(finding)}
              >
                {words.cure}
              </Button>
            )}
            {finding.segment && <Same segment={finding.segment as unknown as { id: number; name: string }} />}
          </div>
        ))}
      </Stack>
    </Panel>
  );
}

function Same({ segment }: { segment: { id: number; name: string } }) {
  return (
    <TextLink size="sm" c="var(--data)" to="/app/segments/$id" params={{ id: String(segment.id) }}>
      {builderTexts.sameAs(segment.name)}
    </TextLink>
  );
}

const sentence = (message: string) => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;

/** The tree cured: where that takes one node away, all that is off or not finished stays. */
export function cured(root: GroupNode, finding: Pick<Finding, 'pointer' | 'cure'>, written: Written): GroupNode {
  const cure = (finding.cure as unknown as { criteria: Json }).criteria;
  const wanted = JSON.stringify(toCriteria(fromCriteria(cure)).criteria);
  const id = written.ids.get(finding.pointer)?.[0];
  if (id !== undefined) {
    const without = replaced(root, id, () => null);
    if (JSON.stringify(toCriteria(without).criteria) === wanted) return without;
  }
  return fromCriteria(cure, root);
}
