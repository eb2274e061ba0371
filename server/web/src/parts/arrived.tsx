// A step of work that takes the place of the one before: whoever works by keys, or hears the page, goes on in it.
import { type ReactNode, useEffect, useRef } from 'react';

export function Arrived({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1} style={{ outline: 'none' }}>
      {children}
    </div>
  );
}
