// Signing in elsewhere: the way to the issuer of OpenID Connect that the server relies on, and why it led to nothing.
import { Alert, Button, Divider } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { keep } from '../../api/key';
import { issuerPath, signInOptions } from '../../api/session';
import { entry as entryTexts } from '../../texts/en/entry';

export function ByIssuer({ tenant }: { tenant: string }) {
  const words = entryTexts;
  const openid = useQuery(signInOptions).data?.openid;
  const [refused] = useState(() => new URLSearchParams(location.search).get('refused'));
  if (!openid && refused === null) return null;
  return (
    <>
      {refused !== null && (
        <Alert role="alert" color="red" variant="default">
          {Object.hasOwn(words.issuerRefused, refused) ? words.issuerRefused[refused] : words.issuerFailed}
        </Alert>
      )}
      {openid && (
        <>
          {/* A key that was kept here would count before the session. */}
          <Button component="a" href={issuerPath(tenant)} onClick={() => keep(null)} variant="default" fullWidth>
            {openid.label}
          </Button>
          <Divider label={words.or} />
        </>
      )}
    </>
  );
}
