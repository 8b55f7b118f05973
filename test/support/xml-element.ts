import { SaxesParser } from 'saxes';

/** Element of an XML document. */
export interface XmlElement {
  name: string;
  /** Text of the element and its children. */
  text: string;
  children: XmlElement[];
}

/** Parses an XML document and returns its root. Throws if it is not well-formed. */
export function readXmlRoot(xml: string): XmlElement {
  const parser = new SaxesParser();
  const open: XmlElement[] = [{ name: '', text: '', children: [] }];
  parser.on('opentag', ({ name }) => {
    const element = { name, text: '', children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const onText = (text: string) => open.forEach((element) => (element.text += text));
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => open.pop());
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  const [root] = open[0]?.children ?? [];
  if (!root) {
    throw new Error('The document has no root');
  }
  return root;
}
