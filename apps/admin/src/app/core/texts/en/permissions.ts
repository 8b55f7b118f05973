/** What permissions let their holders do; those that stand here are the server's own sentences in another language. */
export const permissions = {
  sentences: {} as Readonly<Record<string, string>>,
};
