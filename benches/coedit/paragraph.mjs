import * as Y from 'yjs';

/** A paragraph of one's own in the text. */
export function paragraph(doc) {
  const element = new Y.XmlElement('paragraph');
  const text = new Y.XmlText();
  element.insert(0, [text]);
  doc.getXmlFragment('default').insert(0, [element]);
  return text;
}
