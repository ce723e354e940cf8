//! First names common enough in France to tell « Perrin Zoé » from « Zoé Perrin » (source: INSEE, file of
//! first names; those that are common last names too are kept apart).

use kit::text::fold;

/// First names that are hardly ever last names.
const ONLY: &str = "adam adele adrien adriana agathe agnes ahmed aicha aissatou alain albane alexandra alexandre \
    alexia alexis alice alicia aline alix alizee ali alison alya amandine amelie amel amina aminata amine anais anne \
    anna annabelle annie anthony antoine antonin arnaud arthur assia astrid audrey aurelie aurelien aurore awa axel \
    axelle ayoub aziz baptiste barbara bastien beatrice benjamin benedicte berenice bertille bilal brahim brice \
    brigitte bruno candice carine carla carole caroline cassandra catherine cecile cedric celia celine chantal \
    charlene charlotte chloe christel christelle christiane christine christophe cindy claire clara clarisse claudine \
    clea clemence clementine cleo coline coralie corentin corinne cyril cyrille damien daniela daphne delphine diana \
    didier djamila dominique dylan edith edouard elena eleonore elias eliane eliott elisa elisabeth elise ella \
    elodie elsa emeline emilie emilien emma emmanuelle enzo eric erika erwan estelle esther ethan eva evelyne \
    fabien fabienne fabrice fanny farid fatima fatiha fatou fatoumata felicie florence florent florian floriane \
    franck francoise frederic frederique gabrielle gael gaelle gaetan geoffrey georgette geraldine ghislaine \
    ghislain gilles gisele guillaume gwenaelle hakim hamza hanna hassan helene heloise hugo ibrahim ibrahima \
    idriss ines ingrid irene iris isabelle isaline ismael jade jean-baptiste jean-claude jean-francois jean-luc \
    jean-marc jean-marie jean-michel jean-paul jean-philippe jean-pierre jeanne jeremie jeremy jerome jessica \
    jocelyne johan johanna jonathan josephine josiane judith julia julie julien juliette justine kamel kamila \
    karim karima karine katia kelly kenza kevin khadija khaled kylian laetitia laila lamia laora laura laure \
    laurence laurie laurine lea leila lena leo leonie leslie leyla lila lilian lilou lina linda lionel lisa lise \
    lola loic lorenzo lorraine louane louise louna loup lou luc lucas lucie lucile ludivine ludovic lydia lydie mael \
    maelle maelys maeva magali malika malik mamadou manon marc-antoine margaux margot marguerite marianne mariam \
    marie-claire marie-christine marie-france marie-laure marie-pierre marina marine marion marjorie marlene \
    martine maryse mateo mathias mathieu mathilde matteo matthias matthieu maud maxence maxime medhi mehdi melanie \
    melina melissa melodie mia michele mickael mireille mohamed mohammed monique morgane moussa mouna muriel mustapha myriam nabil nadege \
    nadia nadine naima najat nassim nathalie nathan nawel nicole nina noe noemie nolan nora nour oceane oliver \
    olivia omar ophelie oscar ousmane pascale patricia patrice paula paule pauline perrine philippine prune quentin rachel \
    rachid rania raphaelle rebecca regine remi remy romain romane romeo rosalie rose roxane sabine sabrina \
    salim salima salome samia samir samira sandra sandrine sara sarah sebastien selim selma severine sihem simone \
    slimane sofia sofiane solene soline sonia sophie soraya stella stephane stephanie suzanne suzie sylvain sylvie \
    tania tatiana teo thea theo theodore theophile thibault thibaut thierry timothee titouan tiphaine tom tristan \
    ugo valentin valentine valerie vanessa vera veronique victoire victoria violaine violette virginie viviane \
    walid wassim wendy william xavier yann yanis yannick yasmina yasmine yassine yoann yohan youssef youcef yves \
    yvette yvonne zahra zeineb zelie zineb zoe zohra ysee";

/// First names that many bear as last name.
const ALSO_LAST: &str = "aime alban albert alfred andre aubin auguste armand arnold aymeric barthelemy basile benoit \
    bernard bertrand blaise camille casimir celestin cesar charles christian claude clement colin constant damas \
    daniel david denis desire edmond elie emile emmanuel ernest etienne eugene fabre felix ferdinand fernand francois francis \
    gabriel gaspard gaston gauthier gautier gaultier georges gerard germain gilbert girard gregoire gregory guy \
    henri henry herve hubert hugues jacob jacques jean joel jordan joseph jules lambert laurent leger leon leonard \
    louis lucien marcel marc marcelin marie marius martial martin mathis matthis maurice maurin max michel moise morgan \
    nicolas noel olivier pascal patrick paul philippe pierre prosper raoul raphael raymond regis rene renaud richard \
    robert robin roger roland romuald samuel samson serge simon sylvestre thomas tony toussaint urbain valery victor \
    vincent vital yvon";

/// How surely a word is a first name: 2 when hardly ever a last one, 1 when it may be either, 0 when
/// unknown. « Marie-Zoé » is what the less sure of its parts is.
pub fn likeness(name: &str) -> u8 {
    let folded = fold(name);
    let listed = |list: &str, name: &str| list.split_ascii_whitespace().any(|known| known == name);
    // « A. », « J.-P. »
    if !folded.is_empty() && folded.split(' ').all(|part| part.chars().count() == 1) {
        return 2;
    }
    let one = |part: &str| match (listed(ONLY, part), listed(ALSO_LAST, part)) {
        (true, _) => 2,
        (_, true) => 1,
        _ => 0,
    };
    let parts = folded.split(' ').map(one).min().unwrap_or(0);
    parts.max(one(&folded.replace(' ', "-")))
}
