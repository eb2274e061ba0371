// Asks who it is: by name and password, elsewhere, or by key. `gate.tsx` decides when this is shown, `account.tsx` says who is signed in
// and lets them out, `invitation.tsx` is how somebody comes to a password.
import { Group, UnstyledButton } from '@mantine/core';
import { useState } from 'react';

import { entry as entryTexts } from '../../texts/en/entry';
import { ByIssuer } from './by-issuer';
import { ByKey } from './by-key';
import { ByName } from './by-name';
import { Front } from './front';

export function SignIn() {
  const words = entryTexts;
  const [isByKey, setByKey] = useState(false);
  const [isOfTenant, setOfTenant] = useState(false);
  const [tenant, setTenant] = useState('');
  const other = { fz: 'sm', c: 'var(--data)', td: 'underline' } as const;
  return (
    <Front title={words.title} about={isByKey ? words.keyAbout : words.about}>
      {!isByKey && <ByIssuer tenant={tenant.trim()} />}
      {isByKey ? <ByKey /> : <ByName isOfTenant={isOfTenant} tenant={tenant} onTenant={setTenant} />}
      <Group justify="space-between">
        <UnstyledButton {...other} onClick={() => setByKey(!isByKey)}>
          {isByKey ? words.byName : words.byKey}
        </UnstyledButton>
        {!isByKey && !isOfTenant && (
          <UnstyledButton {...other} onClick={() => setOfTenant(true)}>
            {words.otherTenant}
          </UnstyledButton>
        )}
      </Group>
    </Front>
  );
}
