// What may be long, in a box of its own that is moved up and down, by keys as well.
import type { ReactNode } from 'react';

const HEIGHT = 360;

export function Scrolled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div style={{ maxHeight: HEIGHT, overflowY: 'auto' }} tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}
