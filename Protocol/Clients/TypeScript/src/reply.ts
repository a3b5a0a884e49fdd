/** What came back for a request. */
export interface Reply {
  readonly result: { [name: string]: unknown };
  /** serverMs, queueMs, indexVersion, quality; more may come. */
  readonly meta: { [name: string]: unknown };
}
