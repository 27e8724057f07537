/** What the modules use of the vendored htmx, which is loaded as a classic script. */
interface HtmxContext {
  sourceElement: Element;
  target: Element;
  text: string;
  swap: string;
  status: string;
  request: {
    action: string;
    method: string;
    body: FormData | null;
    headers: Record<string, string>;
    keepalive?: boolean;
  };
  response?: { raw: Response; status: number; headers: Headers };
  /** Ours: the answer waits for the mouse to be let go. */
  isHeld?: boolean;
  /** Ours: which pending mark the request carries. */
  mark?: string;
  /** Ours: the form's draft the request carries in place of what the form shows. */
  draft?: import("../../static/js/controllers/claim.js").Draft;
  /** Ours: how often the form had been edited when it was sent. */
  edits?: number;
  /** Ours: what is to be done once the request has ended. */
  finish?: (ctx: HtmxContext) => void;
  /** Ours: what the request carries is kept and sent again by itself. */
  isKept?: boolean;
  /** Ours: its refusal is told by who sent it. */
  isToldApart?: boolean;
}

interface HtmxTask {
  type: "main" | "partial" | "oob";
  fragment: DocumentFragment;
  target: Element | string | null;
  swapSpec: { style: string };
}

interface HtmxDetail {
  ctx: HtmxContext;
  tasks: HtmxTask[];
  error?: unknown;
}

interface Window {
  htmx: {
    ajax(verb: string, path: string, options: Record<string, unknown>): Promise<void>;
    swap(ctx: HtmxContext): Promise<void>;
    process(root: Element): void;
  };
}
