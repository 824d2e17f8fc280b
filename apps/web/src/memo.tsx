import { Component, type ComponentType, type JSX } from "preact";

/** The same component, drawn again only where one of its props is another value. */
export function memo<P extends object>(Draw: (props: P) => JSX.Element): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return (Object.keys(next) as (keyof P)[]).some((name) => next[name] !== this.props[name]);
    }

    override render(): JSX.Element {
      return <Draw {...this.props} />;
    }
  };
}
