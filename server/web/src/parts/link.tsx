// Links within the page, in Mantine's clothes: `to` and `params` are checked against the routes.
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { type ComponentPropsWithoutRef, forwardRef } from 'react';

type Rest = ComponentPropsWithoutRef<'a'>;

export const TextLink = createLink(
  forwardRef<HTMLAnchorElement, AnchorProps & Omit<Rest, keyof AnchorProps>>(function TextLink(props, ref) {
    // Within a sentence colour alone does not tell a link from the words around it.
    return <Anchor ref={ref} underline={props.inherit ? 'always' : 'hover'} {...props} />;
  }),
);

export const ButtonLink = createLink(
  forwardRef<HTMLAnchorElement, ButtonProps & Omit<Rest, keyof ButtonProps>>(function ButtonLink(props, ref) {
    return <Button component="a" ref={ref} {...props} />;
  }),
);
