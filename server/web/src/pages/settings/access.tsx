// What somebody gets who is let in, by a key or by name: a role, and whose data.
import { Radio, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { tenants } from '../../api/house';
import { may, me } from '../../api/me';
import { settings as settingsTexts } from '../../texts/en/settings';
import { signIn as signInTexts } from '../../texts/en/sign-in';

/** Roles from the least to the greatest that an admin gives. */
const ROLES = ['viewer', 'analyst', 'marketer', 'admin'];

/** What is chosen of it; the tenant only where it is another than one's own. */
export interface Access {
  role: string;
  tenant?: string;
}

/** What is chosen, to begin with the least; whoever is let in first can only be an admin. */
export const useAccess = (isFirst: boolean) => useState<Access>({ role: isFirst ? 'admin' : 'viewer' });

interface RoleChoiceProps {
  role: string;
  onChange: (role: string) => void;
  about?: string;
  isFirst?: boolean;
}

export function RoleChoice({ role, onChange, about, isFirst = false }: RoleChoiceProps) {
  const isOperator = may(useQuery(me).data, 'operate');
  const roles = isFirst ? ['admin'] : isOperator ? [...ROLES, 'operator'] : ROLES;
  return (
    <Radio.Group label={settingsTexts.role} description={about} value={role} onChange={onChange}>
      <Stack gap={8} mt={8}>
        {roles.map((one) => (
          <Radio key={one} value={one} label={signInTexts.roles[one]} description={signInTexts.roleAbout[one]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

interface AccessChoiceProps {
  access: Access;
  onChange: (access: Access) => void;
  about?: string;
  isFirst: boolean;
}

/** A role; operators say of which tenant as well. */
export function AccessChoice({ access, onChange, about, isFirst }: AccessChoiceProps) {
  const who = useQuery(me).data;
  const all = useQuery({ ...tenants, enabled: may(who, 'operate') }).data ?? [];
  return (
    <>
      <RoleChoice role={access.role} onChange={(role) => onChange({ ...access, role })} about={about} isFirst={isFirst} />
      {all.length > 1 && (
        <Select
          label={settingsTexts.tenant}
          data={all.map((one) => one.id)}
          value={access.tenant ?? who?.tenant ?? null}
          onChange={(tenant) => tenant && onChange({ ...access, tenant })}
          allowDeselect={false}
        />
      )}
    </>
  );
}
