// The few signs that the page uses, drawn here: no font need have them.
import type { ReactNode } from 'react';

/** A sign from its drawing on 20 by 20. */
export const sign = (drawing: ReactNode) =>
  function Sign({ size = 18 }: { size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.6}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
        focusable={false}
      >
        {drawing}
      </svg>
    );
  };

export const HomeSign = sign(<path d="M3 9l7-6 7 6v7a1 1 0 0 1-1 1h-3.5v-5h-5v5H4a1 1 0 0 1-1-1z" />);
export const SegmentsSign = sign(
  <>
    <circle cx="7.5" cy="10" r="4.8" />
    <circle cx="12.5" cy="10" r="4.8" />
  </>,
);
export const AudiencesSign = sign(<path d="M3 8v4l3 .4V17h2.5v-4.2L16 15V5L6 7.6zM18 8.5v3" />);
export const OffersSign = sign(<path d="M3 6h14v2.6a1.5 1.5 0 0 0 0 2.8V14H3v-2.6a1.5 1.5 0 0 0 0-2.8zM12.5 6v1.5M12.5 9.3v1.5M12.5 12.6V14" />);
export const PeopleSign = sign(
  <>
    <circle cx="10" cy="6.5" r="3.2" />
    <path d="M3.5 17c.6-3.6 3.2-5.3 6.5-5.3s5.9 1.7 6.5 5.3" />
  </>,
);
export const DataSign = sign(
  <>
    <ellipse cx="10" cy="5" rx="6.5" ry="2.5" />
    <path d="M3.5 5v10c0 1.4 2.9 2.5 6.5 2.5s6.5-1.1 6.5-2.5V5M3.5 10c0 1.4 2.9 2.5 6.5 2.5s6.5-1.1 6.5-2.5" />
  </>,
);
export const SettingsSign = sign(<path d="M3 6h7M14 6h3M3 14h3M10 14h7M12 4v4M8 12v4" />);
export const SunSign = sign(
  <>
    <circle cx="10" cy="10" r="3.4" />
    <path d="M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4M15.7 4.3l-1.4 1.4M5.7 14.3l-1.4 1.4" />
  </>,
);
export const MoonSign = sign(<path d="M16.5 12A7 7 0 0 1 8 3.5 7 7 0 1 0 16.5 12z" />);
export const SystemSign = sign(<path d="M3 4h14v9H3zM7 17h6M10 13v4" />);
export const PlusSign = sign(<path d="M10 4v12M4 10h12" />);
export const SearchSign = sign(
  <>
    <circle cx="9" cy="9" r="5" />
    <path d="M13 13l4 4" />
  </>,
);
export const WarningSign = sign(<path d="M10 3l7.5 13.5h-15zM10 8v4M10 14.3v.1" />);
export const CheckSign = sign(<path d="M4 10.5l4 4 8-9" />);
export const CrossSign = sign(<path d="M5 5l10 10M15 5L5 15" />);
export const LockSign = sign(
  <>
    <path d="M4.5 9h11v8h-11z" />
    <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
  </>,
);
export const EditSign = sign(<path d="M4 16l.8-3.4L13 4.4l2.6 2.6-8.2 8.2zM11.3 6.1l2.6 2.6" />);
export const FileSign = sign(<path d="M5 2.5h6.5L15.5 7v10.5H5zM11.5 2.5V7h4M10 15v-5M7.8 12l2.2-2.2 2.2 2.2" />);
export const ClockSign = sign(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 6v4l2.6 1.8" />
  </>,
);
