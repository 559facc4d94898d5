/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens are gathered up to an operator; each has a row (operators.h) that says
 * what it takes. What does not fit is left out, as readers leave it out.
 */
#include "content.h"
#include "operators.h"
#include "tokens.h"
#include <set>
#include <string>
#include <vector>

namespace
{

/* Also what readers' limits allow; beyond it all is left out. */
const size_t OPERANDS_MAX = 100000;
const unsigned SAVES_MAX = 65536;
const unsigned DEPTH_MAX = 8; /* of an inline image's dictionary */

class Rewriter : public QPDFObjectHandle::TokenFilter
{
      public:
	Rewriter(const miyin_content_names *with, bool of_glyph, GString *into)
	    : names(with), glyph(of_glyph), to(into)
	{
	}
	void handleToken(Token const &token) override;
	void handleEOF() override;

      private:
	struct State {
		int render = 0;
		bool type3 = false;
	};

	void take_operator(std::string const &word);
	void act_on(std::string const &word, Operator const &row);
	bool act_on_state(std::string const &word, Operator const &row);
	bool act_on_text(std::string const &word, Operator const &row);
	void act_on_image(Operator const &row);
	void end_text();
	void show(std::string const &operands, std::string const &word);
	void begin_mark();
	bool take_numbers(unsigned n, std::string *text) const;
	bool take_array(bool strings, std::string *text) const;
	void set_space(std::string const &word, const char *kind);
	void set_colour(std::string const &word, const char *kind);
	std::string image_value(size_t *at, unsigned depth) const;
	void add_image();
	void put(std::string const &operands, std::string const &word);
	const char *rename(const char *kind, Token const &token) const;

	const miyin_content_names *names;
	bool glyph;
	GString *to;
	std::vector<Token> operands;
	std::vector<State> saved;
	State state;
	std::vector<bool> marks; /* each: whether it hides */
	unsigned n_hidden = 0;
	bool in_text = false, in_path = false, shaped = false;
	bool in_image = false, has_data = false;
	std::string data;
};

void Rewriter::handleToken(Token const &token)
{
	switch (token.getType()) {
	case QPDFTokenizer::tt_space:
	case QPDFTokenizer::tt_comment:
	case QPDFTokenizer::tt_eof:
		return;
	case QPDFTokenizer::tt_inline_image:
		data = token.getValue();
		has_data = true;
		return;
	case QPDFTokenizer::tt_word:
		take_operator(token.getValue());
		return;
	default:
		if (operands.size() < OPERANDS_MAX)
			operands.push_back(token);
	}
}

void Rewriter::take_operator(std::string const &word)
{
	const Operator *row = find_operator(word);

	if (row) {
		if (in_image)
			act_on_image(*row);
		else
			act_on(word, *row);
	}
	if (!in_image || has_data || !row || row->act != IMAGE_DATA)
		operands.clear();
}

static bool is_intent(QPDFTokenizer::Token const &token)
{
	static const std::set<std::string> intents = { "/AbsoluteColorimetric",
						       "/RelativeColorimetric",
						       "/Saturation",
						       "/Perceptual" };

	return is_name(token) && intents.count(token.getValue()) > 0;
}

void Rewriter::act_on(std::string const &word, Operator const &row)
{
	std::string text;
	const char *name;

	if (act_on_state(word, row) || act_on_text(word, row))
		return;
	switch (row.act) {
	case NUMBERS:
		if (take_numbers(row.n_numbers, &text))
			put(text, word);
		break;
	case DASH:
		if (take_array(false, &text) && is_number(operands.back()))
			put(text + " " + operands.back().getValue(), word);
		break;
	case GLYPH:
		if (glyph && !shaped && take_numbers(row.n_numbers, &text)) {
			put(text, word);
			shaped = true;
		}
		break;
	case RESOURCE:
		if (operands.empty() || !is_name(operands.back()) ||
		    (n_hidden > 0 && word != "gs"))
			break;
		name = rename(row.kind, operands.back());
		if (name)
			put(name, word);
		break;
	case SPACE:
		set_space(word, row.kind);
		break;
	case COLOUR:
		set_colour(word, row.kind);
		break;
	case INTENT:
		if (!operands.empty() && is_intent(operands.back()))
			put(operands.back().getValue(), word);
		break;
	case IMAGE_BEGIN:
		in_image = true;
		has_data = false;
		break;
	case MARK_BEGIN:
		begin_mark();
		break;
	case MARK_END:
		if (!marks.empty()) {
			n_hidden -= marks.back();
			marks.pop_back();
		}
		break;
	default:
		break;
	}
}

/* Paths and saved states. */
bool Rewriter::act_on_state(std::string const &word, Operator const &row)
{
	std::string text;

	switch (row.act) {
	case PATH:
		if (take_numbers(row.n_numbers, &text)) {
			put(text, word);
			in_path = true;
		}
		return true;
	case CLIP:
		if (in_path)
			put("", word);
		return true;
	case PAINT:
		put("", n_hidden > 0 ? "n" : word);
		in_path = false;
		return true;
	case SAVE:
		if (saved.size() < SAVES_MAX) {
			saved.push_back(state);
			put("", word);
		}
		return true;
	case RESTORE:
		if (!saved.empty()) {
			state = saved.back();
			saved.pop_back();
			put("", word);
		}
		return true;
	default:
		return false;
	}
}

bool Rewriter::act_on_text(std::string const &word, Operator const &row)
{
	std::string text;
	const char *name;

	switch (row.act) {
	case TEXT_BEGIN:
		end_text();
		put("", word);
		in_text = true;
		return true;
	case TEXT_END:
		end_text();
		return true;
	case FONT:
		if (operands.size() < 2 || !is_number(operands.back()) ||
		    !is_name(operands[operands.size() - 2]))
			return true;
		name = rename(row.kind, operands[operands.size() - 2]);
		if (name) {
			state.type3 = name[1] == 'T';
			put(std::string(name) + " " +
				    operands.back().getValue(),
			    word);
		}
		return true;
	case RENDER_MODE:
		if (take_numbers(1, &text)) {
			state.render = atoi(text.c_str());
			put(text, word);
		}
		return true;
	case SHOW:
		if (!operands.empty() && is_string(operands.back()))
			show(miyin_tokens_write_string(
				     operands.back().getValue()),
			     word);
		return true;
	case SHOW_ARRAY:
		if (take_array(true, &text))
			show(text, word);
		return true;
	case SHOW_SPACED: {
		if (operands.size() < 3 || !is_string(operands.back()))
			return true;
		std::string last =
			miyin_tokens_write_string(operands.back().getValue());
		operands.pop_back();
		if (take_numbers(2, &text))
			show(text + " " + last, word);
		return true;
	}
	default:
		return false;
	}
}

void Rewriter::end_text()
{
	if (in_text)
		put("", "ET");
	in_text = false;
}

/* What is hidden still moves what comes after it; a Type 3 font is drawn in
 * every mode, so its text is left out. */
void Rewriter::show(std::string const &text, std::string const &word)
{
	if (n_hidden == 0) {
		put(text, word);
	} else if (!state.type3) {
		put("3", "Tr");
		put(text, word);
		put(std::to_string(state.render), "Tr");
	}
}

void Rewriter::begin_mark()
{
	size_t n = operands.size();
	bool hides = n >= 2 && is_name(operands[n - 2]) &&
		     is_name(operands[n - 1]) &&
		     operands[n - 2].getValue() == "/OC" &&
		     names->is_hidden(names->data,
				      operands[n - 1].getValue().c_str());

	marks.push_back(hides);
	n_hidden += hides;
}

/* The last n, as readers take them. */
bool Rewriter::take_numbers(unsigned n, std::string *text) const
{
	if (operands.size() < n)
		return false;
	text->clear();
	for (size_t i = operands.size() - n; i < operands.size(); i++) {
		if (!is_number(operands[i]))
			return false;
		if (!text->empty())
			*text += ' ';
		*text += operands[i].getValue();
	}
	return true;
}

/* The last array, with nothing in it but what its operator knows. */
bool Rewriter::take_array(bool strings, std::string *text) const
{
	size_t open = operands.size();

	while (open > 0 &&
	       operands[open - 1].getType() != QPDFTokenizer::tt_array_open)
		open--;
	if (open == 0)
		return false;
	*text = "[";
	for (size_t i = open; i < operands.size(); i++) {
		if (operands[i].getType() == QPDFTokenizer::tt_array_close)
			break;
		if (is_number(operands[i]))
			*text += ' ' + operands[i].getValue();
		else if (strings && is_string(operands[i]))
			*text += miyin_tokens_write_string(
				operands[i].getValue());
	}
	*text += "]";
	return true;
}

void Rewriter::set_space(std::string const &word, const char *kind)
{
	static const std::set<std::string> devices = {
		"/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern"
	};
	const char *name;

	if (operands.empty() || !is_name(operands.back()))
		return;
	if (devices.count(operands.back().getValue())) {
		put(operands.back().getValue(), word);
		return;
	}
	name = rename(kind, operands.back());
	if (name)
		put(name, word);
}

void Rewriter::set_colour(std::string const &word, const char *kind)
{
	std::string text, pattern;

	if (!operands.empty() && is_name(operands.back())) {
		const char *name = rename(kind, operands.back());

		if (!name)
			return;
		pattern = name;
		operands.pop_back();
	}
	if (operands.size() > 32 || !take_numbers(operands.size(), &text) ||
	    (text.empty() && pattern.empty()))
		return;
	put(text + (text.empty() || pattern.empty() ? "" : " ") + pattern,
	    word);
}

void Rewriter::act_on_image(Operator const &row)
{
	if (row.act == IMAGE_DATA && !has_data)
		return;
	if (row.act == IMAGE_END && has_data && n_hidden == 0)
		add_image();
	in_image = has_data = false;
	data.clear();
}

/* A value of an inline image's dictionary, with full names. */
std::string Rewriter::image_value(size_t *at, unsigned depth) const
{
	Token const &token = operands[(*at)++];

	switch (token.getType()) {
	case QPDFTokenizer::tt_integer:
	case QPDFTokenizer::tt_real:
	case QPDFTokenizer::tt_bool:
	case QPDFTokenizer::tt_null:
		return token.getValue();
	case QPDFTokenizer::tt_string:
		return QPDFObjectHandle::newString(token.getValue())
			.unparseBinary();
	case QPDFTokenizer::tt_name:
		return QPDFObjectHandle::newName(
			       find_image_name(token.getValue()))
			.unparse();
	case QPDFTokenizer::tt_array_open:
	case QPDFTokenizer::tt_dict_open: {
		bool array = token.getType() == QPDFTokenizer::tt_array_open;
		std::string text = array ? "[" : "<<";

		while (*at < operands.size()) {
			auto type = operands[*at].getType();

			if (type == QPDFTokenizer::tt_array_close ||
			    type == QPDFTokenizer::tt_dict_close) {
				(*at)++;
				break;
			}
			if (depth < DEPTH_MAX)
				text += ' ' + image_value(at, depth + 1);
			else
				(*at)++;
		}
		return text + (array ? "]" : ">>");
	}
	default:
		return "null";
	}
}

void Rewriter::add_image()
{
	std::string text = "<<";
	const char *name;

	for (size_t at = 0; at + 1 < operands.size();) {
		std::string key = find_image_key(operands[at].getValue());

		if (!is_name(operands[at++]))
			continue;
		std::string value = image_value(&at, 0);
		if (key != "/Length")
			text += QPDFObjectHandle::newName(key).unparse() + " " +
				value;
	}
	text += ">>";
	name = names->add_image(names->data, text.c_str(), data.data(),
				data.size());
	if (name)
		put(name, "Do");
}

void Rewriter::put(std::string const &text, std::string const &word)
{
	if (!text.empty()) {
		g_string_append_len(to, text.data(), text.size());
		g_string_append_c(to, ' ');
	}
	g_string_append_len(to, word.data(), word.size());
	g_string_append_c(to, '\n');
}

const char *Rewriter::rename(const char *kind, Token const &token) const
{
	return names->rename(names->data, kind, token.getValue().c_str());
}

/* What is still open. */
void Rewriter::handleEOF()
{
	if (in_path)
		put("", "n");
	end_text();
	for (; !saved.empty(); saved.pop_back())
		put("", "Q");
	in_path = false;
}

} // namespace

GString *miyin_content_rewrite(const void *bytes, gsize length, gboolean glyph,
			       const miyin_content_names *names)
{
	GString *text = g_string_sized_new(length + 16);
	Rewriter rewriter(names, glyph, text);

	if (!miyin_tokens_read(bytes, length, &rewriter))
		rewriter.handleEOF();
	return text;
}
