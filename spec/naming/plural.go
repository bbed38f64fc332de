package naming

import "strings"

// singulars of words that no rule below gets right
var irregular = map[string]string{
	"people": "person", "children": "child", "men": "man", "women": "woman", "feet": "foot", "teeth": "tooth", "mice": "mouse",
	"indices": "index", "indexes": "index", "vertices": "vertex", "matrices": "matrix", "appendices": "appendix", "criteria": "criterion",
	"analyses": "analysis", "bases": "base", "databases": "database", "crises": "crisis", "diagnoses": "diagnosis", "hypotheses": "hypothesis",
	"axes": "axis", "theses": "thesis", "parentheses": "parenthesis", "synopses": "synopsis", "movies": "movie", "cookies": "cookie",
	"ties": "tie", "pies": "pie", "dies": "die", "lies": "lie", "zombies": "zombie", "calories": "calorie", "selfies": "selfie", "smoothies": "smoothie",
	"leaves": "leaf", "lives": "life", "knives": "knife", "wives": "wife", "shelves": "shelf", "halves": "half", "selves": "self", "wolves": "wolf", "thieves": "thief",
	"buses": "bus", "aliases": "alias", "statuses": "status", "viruses": "virus", "campuses": "campus", "bonuses": "bonus", "censuses": "census",
	"gases": "gas", "canvases": "canvas", "atlases": "atlas", "lenses": "lens", "biases": "bias", "focuses": "focus", "menus": "menu",
	"quizzes": "quiz", "heroes": "hero", "potatoes": "potato", "tomatoes": "tomato", "echoes": "echo", "vetoes": "veto", "torpedoes": "torpedo",
	"caches": "cache", "niches": "niche", "avalanches": "avalanche", "headaches": "headache", "purchases": "purchase", "releases": "release",
	"leases": "lease", "phases": "phase", "phrases": "phrase", "cases": "case", "usecases": "usecase", "increases": "increase", "diseases": "disease", "warehouses": "warehouse",
	"houses": "house", "responses": "response", "licenses": "license", "licences": "licence", "expenses": "expense", "courses": "course",
	"resources": "resource", "nurses": "nurse", "horses": "horse", "verses": "verse", "universes": "universe", "causes": "cause",
	"clauses": "clause", "pauses": "pause", "uses": "use", "excuses": "excuse", "exercises": "exercise", "enterprises": "enterprise", "franchises": "franchise",
	"premises": "premise", "promises": "promise", "noises": "noise", "roses": "rose", "noses": "nose", "poses": "pose", "purposes": "purpose", "doses": "dose",
	"axises": "axis", "sizes": "size", "prizes": "prize", "mazes": "maze", "shoes": "shoe", "toes": "toe", "heroines": "heroine", "slaves": "slave", "data": "data", "media": "media", "metadata": "metadata",
	"synapses": "synapse", "senses": "sense", "defenses": "defense", "offenses": "offense", "rinses": "rinse", "browses": "browse", "cruises": "cruise", "geese": "goose",
	"addenda": "addendum", "bacteria": "bacterium", "curricula": "curriculum", "memoranda": "memorandum", "taxes": "tax", "invoiceitems": "invoiceitem",
}

// words that end like plurals and are not
var singularS = map[string]bool{
	"status": true, "address": true, "access": true, "process": true, "business": true, "analysis": true, "basis": true, "axis": true, "alias": true,
	"bus": true, "gas": true, "lens": true, "canvas": true, "atlas": true, "bias": true, "bonus": true, "campus": true, "census": true, "virus": true, "focus": true,
	"series": true, "species": true, "news": true, "sms": true, "mms": true, "rcs": true, "dns": true, "https": true, "aws": true, "ios": true, "css": true, "js": true, "os": true,
	"gps": true, "pos": true, "vps": true, "cors": true, "sns": true, "sqs": true, "ecs": true, "eks": true, "rds": true, "kms": true, "tls": true, "mtls": true,
	"nfs": true, "cms": true, "hls": true, "iis": true, "ddos": true, "kubernetes": true, "redis": true, "postgres": true, "windows": true, "sales": true,
	"logistics": true, "statistics": true, "analytics": true, "physics": true, "mathematics": true, "politics": true, "economics": true, "forensics": true,
	"diagnostics": true, "is": true, "as": true, "this": true, "has": true, "was": true, "its": true, "us": true, "plus": true, "thus": true, "yes": true, "chess": true,
	"synopsis": true, "thesis": true, "crisis": true, "diagnosis": true, "hypothesis": true, "corpus": true, "nexus": true, "prometheus": true, "apparatus": true,
	"always": true, "sis": true, "gis": true, "ens": true, "wms": true, "oms": true, "saas": true, "paas": true, "iaas": true, "progress": true,
	"compass": true, "pass": true, "class": true, "express": true, "wireless": true, "goods": true, "pants": true, "means": true, "headquarters": true, "odds": true, "details": true, "credentials": true, "terms": true, "earnings": true, "savings": true,
}

// Singular returns the singular of a lower-case word, or the word itself when it
// is not a plural.
func Singular(w string) string {
	if s, ok := irregular[w]; ok {
		return s
	}
	if singularS[w] || len(w) < 3 || !strings.HasSuffix(w, "s") || strings.HasSuffix(w, "ss") {
		return w
	}
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "y"
	case hasAnySuffix(w, "sses", "shes", "ches", "xes", "zzes", "tuses", "ruses"):
		return w[:len(w)-2]
	case hasAnySuffix(w, "us", "is", "ous") && len(w) > 3:
		return w // corpus, synthesis
	}
	return w[:len(w)-1]
}

func hasAnySuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}

// IsPlural reports whether a lower-case word is a plural.
func IsPlural(w string) bool { return Singular(w) != w }

// singularWords returns words with the last one in the singular.
func singularWords(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	out := append([]string(nil), words...)
	out[len(out)-1] = Singular(out[len(out)-1])
	return out
}

func isPluralWords(words []string) bool {
	return len(words) > 0 && IsPlural(words[len(words)-1])
}
