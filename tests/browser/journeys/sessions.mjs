import assert from 'node:assert/strict';
import { file, soon } from '../moments.mjs';

export default {
  async 'a meeting takes place, its minutes are read, remarked, validated and sent, and its decision is on its owner’s page'({ visitor, newVisitor, width }) {
    const { page } = await visitor.signIn();
    const title = `Copil du jour ${width}`;
    await visitor.visit('/espace/gouvernance/reunions/nouvelle');
    await page.locator('#comite').selectOption({ label: 'Comité de pilotage de la Drôme' });
    await page.locator('#titre').fill(title);
    const starts = soon();
    await page.locator('#moment').fill(starts.shown);
    await page.locator('#lieu').fill('Caf de la Drôme, Valence');
    await visitor.follow(() => page.getByRole('button', { name: 'Planifier la réunion' }).click());
    const meeting = new URL(page.url()).pathname;
    await visitor.visit(`${meeting}/ordre-du-jour`);
    await visitor.follow(() => page.getByRole('button', { name: 'Partir de l’ordre du jour habituel' }).click());

    // The secretary opens the session: who sits in the committee is there to be noted.
    await visitor.visit(meeting);
    await visitor.follow(() => page.getByRole('link', { name: 'Séance', exact: true }).click());
    await visitor.follow(() => page.getByRole('button', { name: 'Ouvrir la séance' }).click());
    for (const name of ['Hélène Roux', 'Marc Faure', 'Claude Ferrand']) {
      const group = page.getByRole('group', { name });
      await group.getByRole('button', { name: 'Présent·e' }).click();
      await group.locator('[aria-pressed="true"]', { hasText: 'Présent·e' }).waitFor();
    }
    await page.locator('#presences').getByText('3 voix sur 5').waitFor();
    await page.locator('#presences').getByText('Quorum atteint').waitFor();
    await page.getByRole('button', { name: /Suivi des décisions/ }).click();
    await page.locator('[data-timer]').waitFor();
    await visitor.look();
    await visitor.picture('var/browser', `sitting-${width}`);

    // What is typed saves itself, also when the network was gone meanwhile.
    const notes = page.getByRole('textbox', { name: 'Notes' });
    await notes.click();
    await page.keyboard.type('Les décisions du printemps sont suivies.');
    await page.getByText('Tout est enregistré.').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('Une seule reste à faire.');
    await page.getByRole('button', { name: 'Point traité, suivant' }).click();
    await page.getByRole('heading', { name: /Point sur la mise en œuvre/ }).waitFor();
    await page.getByRole('textbox', { name: 'Notes' }).click();
    await page.keyboard.type('Vingt promeneurs en poste.');
    await page.getByText('Tout est enregistré.').waitFor();
    await visitor.open(`${meeting}/seance`);
    await page.getByRole('textbox', { name: 'Notes' }).getByText('Vingt promeneurs en poste.').waitFor();

    // A vote, then what it asks of someone.
    await page.locator('#texte').fill(`Écrire aux maires du nord ${width}`);
    await page.getByLabel('Par un vote').check();
    await page.locator('#pour').fill('9');
    await page.locator('#contre').fill('0');
    await page.locator('#abstentions').fill('1');
    await page.locator('#responsable').selectOption({ label: 'Marc Faure' });
    await page.getByLabel('Créer aussi la tâche').check();
    assert.equal(await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer la décision' }).click()), 422);
    await page.getByText('il n’y en a que 3 en séance').first().waitFor();
    await page.locator('#pour').fill('2');
    await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer la décision' }).click());
    await page.locator('#decisions').getByText(`Écrire aux maires du nord ${width}`).waitFor();
    await visitor.picture('var/browser', `sitting-decision-${width}`);

    const wait = starts.at.getTime() - Date.now();
    if (wait > 0) await page.waitForTimeout(wait + 500);
    await visitor.visit(`${meeting}/seance`);
    await page.getByRole('button', { name: 'Clore la séance' }).click();
    await visitor.follow(() => page.getByRole('dialog').getByRole('button', { name: /Clore|Confirmer|Continuer|Oui/ }).click());
    await visitor.follow(() => page.getByRole('link', { name: 'Compte rendu' }).click());
    await visitor.follow(() => page.getByRole('button', { name: 'Rédiger le compte rendu' }).click());
    await page.getByRole('textbox', { name: 'Texte' }).getByText('Une seule reste à faire.').waitFor();
    await visitor.picture('var/browser', `minutes-form-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Enregistrer', exact: true }).click());
    await visitor.picture('var/browser', `minutes-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Soumettre aux membres' }).click());

    // A member asks for another wording, from the own account.
    const member = await newVisitor();
    await member.signIn('partenaire@demo.example');
    await member.visit(`${meeting}/compte-rendu`);
    await member.page.getByText('Faire une remarque').click();
    await member.page.locator('#passage').fill('Vingt promeneurs');
    await member.page.locator('#redaction').fill('Vingt et un promeneurs');
    await member.follow(() => member.page.getByRole('button', { name: 'Envoyer la remarque' }).click());
    await member.page.getByText('votre remarque est notée').waitFor();
    await visitor.visit(`${meeting}/compte-rendu`);
    await visitor.picture('var/browser', `minutes-remark-${width}`);
    await visitor.follow(() => page.getByRole('button', { name: 'Retenir et modifier le texte' }).click());
    await page.getByRole('article').getByText('Vingt et un promeneurs en poste.').waitFor();
    await page.getByRole('button', { name: 'Valider le compte rendu' }).click();
    await visitor.follow(() => page.getByRole('dialog').getByRole('button', { name: /Valider|Confirmer|Continuer|Oui/ }).click());
    await visitor.follow(() => page.getByRole('link', { name: 'Diffuser', exact: true }).click());
    await visitor.picture('var/browser', `distribution-${width}`);
    await page.locator('#autres').fill(`Nora Petit <nora-${width}@prefecture.example>`);
    await visitor.follow(() => page.getByRole('button', { name: 'Envoyer le compte rendu' }).click());
    await page.getByText(`nora-${width}@prefecture.example`).waitFor();
    await visitor.picture('var/browser', `distributed-${width}`);

    // Three readers, one file.
    await visitor.visit('/espace/reglages/courriels');
    await visitor.follow(() => page.getByRole('link', { name: `Compte rendu : ${title}` }).first().click());
    const link = (await page.locator('main').innerText()).match(/\/compte-rendu\/[\w.-]+/u)[0];
    const reader = await newVisitor();
    await reader.visit(link);
    await reader.page.getByText('Vingt et un promeneurs').waitFor();
    await reader.picture('var/browser', `minutes-reading-${width}`);
    const files = [await file(page, `${meeting}/compte-rendu/1/pdf`), await file(member.page, `${meeting}/compte-rendu/1/pdf`), await file(reader.page, `${link}/pdf`)];
    assert.equal(files[0].start, '%PDF-');
    assert.equal(new Set(files.map(({ print }) => print)).size, 1);

    // What was decided waits on its owner's page, who says that it is done.
    await member.visit('/espace');
    await member.page.getByText(`Écrire aux maires du nord ${width}`).waitFor();
    await member.picture('var/browser', `own-tasks-${width}`);
    await member.follow(() => member.page.getByRole('button', { name: `Fait : Écrire aux maires du nord ${width}` }).click());
    await visitor.visit('/espace/gouvernance/decisions?liste=toutes');
    await visitor.picture('var/browser', `decisions-${width}`);
    await visitor.follow(() => page.getByRole('row', { name: new RegExp(`nord ${width}`) }).getByRole('link').first().click());
    await page.getByText('Fait').first().waitFor();
    await visitor.picture('var/browser', `decision-${width}`);
  },
};
