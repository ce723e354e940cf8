import assert from 'node:assert/strict';
import * as national from '@gouvfr-anct/lieux-de-mediation-numerique';
import { parse } from 'csv-parse/sync';

/** An empty cell says nothing: the national model knows no empty values. */
const filled = (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''));
const read = (value, { column, header }) => (!header && value !== '' && ['latitude', 'longitude'].includes(column) ? Number(value) : value);

/** What the national map makes of a row: its refusal, or nothing. */
function refusal(row) {
  try {
    national.fromSchemaLieuDeMediationNumerique(row);
    return null;
  } catch (error) {
    return `${row.nom}: ${error.message}`;
  }
}

export default {
  async 'the national map of digital mediation reads every structure of the export, with its own programme'({ visitor }) {
    const answer = await visitor.page.request.get(new URL('/api/v1/lieux-de-mediation-numerique.csv', visitor.home).href);
    assert.equal(answer.status(), 200);
    const rows = parse(await answer.text(), { bom: true, columns: true, cast: read }).map(filled);
    assert.ok(rows.length > 5, `${rows.length} rows`);
    assert.deepEqual(rows.map(refusal).filter(Boolean), []);
    // Every cell that was filled arrived in the national model: nothing that we write is passed over.
    const again = national.toSchemaLieuxDeMediationNumerique(national.fromSchemaLieuxDeMediationNumerique(rows));
    for (const [at, row] of rows.entries()) {
      for (const column of Object.keys(row)) assert.ok(again[at][column], `${row.nom}: ${column} « ${row[column]} » is passed over`);
    }
    // It does refuse what the standard refuses: a check that accepts everything would prove nothing.
    for (const wrong of [{ code_postal: '2600' }, { telephone: 'au bureau' }, { nom: '' }]) {
      assert.ok(refusal({ ...rows[0], ...wrong }), JSON.stringify(wrong));
    }
  },
};
