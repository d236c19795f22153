/** Renders a part again only when one of its properties is another one. */

import { Component, h, type ComponentChild, type FunctionComponent } from "preact";

export function memo<Props extends object>(Inner: FunctionComponent<Props>): new (props: Props) => Component<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const names = new Set([...Object.keys(next), ...Object.keys(this.props)]) as Set<keyof Props>;
      return [...names].some((name) => next[name] !== this.props[name]);
    }

    override render(): ComponentChild {
      return h(Inner, this.props as Props);
    }
  };
}
