/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a piece of code does to the stack is known without running it: each
 * operator takes and leaves a fixed number, and both ways of a choice must come
 * to the same.
 */
#include "calculator.h"
#include "tokens.h"
#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace
{

using Token = QPDFTokenizer::Token;

const int STACK_MAX = 100; /* what readers promise */

struct Arity {
	int takes, leaves;
};

const std::map<std::string, Arity> operators = {
	{ "abs", { 1, 1 } },	  { "add", { 2, 1 } },
	{ "and", { 2, 1 } },	  { "atan", { 2, 1 } },
	{ "bitshift", { 2, 1 } }, { "ceiling", { 1, 1 } },
	{ "cos", { 1, 1 } },	  { "cvi", { 1, 1 } },
	{ "cvr", { 1, 1 } },	  { "div", { 2, 1 } },
	{ "dup", { 1, 2 } },	  { "eq", { 2, 1 } },
	{ "exch", { 2, 2 } },	  { "exp", { 2, 1 } },
	{ "false", { 0, 1 } },	  { "floor", { 1, 1 } },
	{ "ge", { 2, 1 } },	  { "gt", { 2, 1 } },
	{ "idiv", { 2, 1 } },	  { "le", { 2, 1 } },
	{ "ln", { 1, 1 } },	  { "log", { 1, 1 } },
	{ "lt", { 2, 1 } },	  { "mod", { 2, 1 } },
	{ "mul", { 2, 1 } },	  { "ne", { 2, 1 } },
	{ "neg", { 1, 1 } },	  { "not", { 1, 1 } },
	{ "or", { 2, 1 } },	  { "pop", { 1, 0 } },
	{ "round", { 1, 1 } },	  { "sin", { 1, 1 } },
	{ "sqrt", { 1, 1 } },	  { "sub", { 2, 1 } },
	{ "true", { 0, 1 } },	  { "truncate", { 1, 1 } },
	{ "xor", { 2, 1 } },
};

/* Of code between braces, from the stack that it meets. */
struct Effect {
	int least = 0, most = 0, end = 0;

	void apply(int takes, int leaves)
	{
		end -= takes;
		least = std::min(least, end);
		end += leaves;
		most = std::max(most, end);
	}
	void apply(Effect const &part)
	{
		least = std::min(least, end + part.least);
		most = std::max(most, end + part.most);
		end += part.end;
	}
};

struct Block {
	Effect effect;
	std::vector<Effect> ways; /* of an if that is to come */
	std::vector<int> numbers; /* right before, for copy, index, roll */
};

class Calculator : public QPDFObjectHandle::TokenFilter
{
      public:
	Calculator(GString *into, int n_in, int n_out)
	    : to(into), takes(n_in), leaves(n_out)
	{
	}
	void handleToken(Token const &token) override;
	bool is_whole() const
	{
		return ok && is_done;
	}

      private:
	GString *to;
	int takes, leaves;
	std::vector<Block> blocks;
	bool ok = true, is_done = false;

	bool open();
	bool close();
	bool push(Token const &token);
	bool run(std::string const &word);
	bool choose(unsigned n_ways);
	bool move(std::string const &word);
};

void Calculator::handleToken(Token const &token)
{
	std::string word = token.getValue();

	switch (token.getType()) {
	case QPDFTokenizer::tt_space:
	case QPDFTokenizer::tt_comment:
	case QPDFTokenizer::tt_eof:
		return;
	case QPDFTokenizer::tt_brace_open:
		ok = ok && open();
		break;
	case QPDFTokenizer::tt_brace_close:
		ok = ok && close();
		break;
	case QPDFTokenizer::tt_integer:
	case QPDFTokenizer::tt_real:
		ok = ok && push(token);
		break;
	case QPDFTokenizer::tt_bool:
	case QPDFTokenizer::tt_word:
		ok = ok && run(word);
		break;
	default:
		ok = false;
	}
	g_string_append_len(to, word.data(), word.size());
	g_string_append_c(to, ' ');
}

bool Calculator::open()
{
	if (is_done || (blocks.empty() && to->len > 0) ||
	    (!blocks.empty() && blocks.back().ways.size() > 1))
		return false;
	blocks.emplace_back();
	return true;
}

bool Calculator::close()
{
	if (blocks.empty() || !blocks.back().ways.empty())
		return false;
	Effect effect = blocks.back().effect;

	blocks.pop_back();
	if (!blocks.empty()) {
		blocks.back().ways.push_back(effect);
		return true;
	}
	is_done = true;
	return takes + effect.least >= 0 && takes + effect.end == leaves &&
	       takes + effect.most <= STACK_MAX;
}

bool Calculator::push(Token const &token)
{
	if (blocks.empty() || !blocks.back().ways.empty())
		return false;
	Block &block = blocks.back();
	std::string text = token.getValue();

	block.effect.apply(0, 1);
	if (token.getType() == QPDFTokenizer::tt_integer && text.size() < 6)
		block.numbers.push_back(std::stoi(text));
	else
		block.numbers.clear();
	return true;
}

bool Calculator::run(std::string const &word)
{
	auto found = operators.find(word);

	if (blocks.empty())
		return false;
	if (word == "if" || word == "ifelse")
		return choose(word == "if" ? 1 : 2);
	if (!blocks.back().ways.empty())
		return false;
	if (found == operators.end())
		return move(word);
	blocks.back().effect.apply(found->second.takes, found->second.leaves);
	blocks.back().numbers.clear();
	return true;
}

bool Calculator::choose(unsigned n_ways)
{
	Block &block = blocks.back();
	std::vector<Effect> ways = block.ways;

	if (ways.size() != n_ways ||
	    ways.front().end != (n_ways == 1 ? 0 : ways.back().end))
		return false;
	block.effect.apply(1, 0);
	for (unsigned i = 1; i < n_ways; i++) {
		ways[0].least = std::min(ways[0].least, ways[i].least);
		ways[0].most = std::max(ways[0].most, ways[i].most);
	}
	block.effect.apply(ways[0]);
	block.ways.clear();
	block.numbers.clear();
	return true;
}

/* Those whose reach is a number before them. */
bool Calculator::move(std::string const &word)
{
	Block &block = blocks.back();
	std::vector<int> numbers = block.numbers;
	size_t n = word == "roll" ? 2 : 1;
	int reach = numbers.size() < n ? -1 : numbers[numbers.size() - n];

	if (reach < 0 || reach > STACK_MAX)
		return false;
	block.effect.apply((int)n, 0);
	if (word == "roll")
		block.effect.apply(reach, reach);
	else if (word == "copy")
		block.effect.apply(reach, 2 * reach);
	else if (word == "index")
		block.effect.apply(reach + 1, reach + 2);
	else
		return false;
	block.numbers.clear();
	return true;
}

} // namespace

GString *miyin_calculator_rewrite(const void *bytes, gsize length, int n_in,
				  int n_out)
{
	GString *text = g_string_sized_new(length + 16);
	Calculator filter(text, n_in, n_out);

	if (miyin_tokens_read(bytes, length, &filter) && filter.is_whole())
		return text;
	g_string_free(text, TRUE);
	return nullptr;
}
