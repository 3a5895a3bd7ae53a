#include "plots/contour.h"

#include "plots/ticks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace alidade {

double GridField::interpolated(double px, double py) const {
    if (x.size() < 2 || y.size() < 2 || px < x.front() || px > x.back() || py < y.front() || py > y.back())
        return std::numeric_limits<double>::quiet_NaN();
    const auto cell = [](const std::vector<double>& positions, double p) {
        const auto next = std::upper_bound(positions.begin() + 1, positions.end() - 1, p);
        return static_cast<std::size_t>(next - positions.begin() - 1);
    };
    const std::size_t i = cell(x, px);
    const std::size_t j = cell(y, py);
    const double u = (px - x[i]) / (x[i + 1] - x[i]);
    const double v = (py - y[j]) / (y[j + 1] - y[j]);
    return bilinear(at(i, j), at(i + 1, j), at(i, j + 1), at(i + 1, j + 1), u, v);
}

std::pair<double, double> GridField::valueRange() const {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : values) {
        if (!std::isfinite(value))
            continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    if (low > high)
        return {0.0, 1.0};
    if (low == high) {
        const double half = low == 0.0 ? 0.5 : 0.05 * std::abs(low);
        return {low - half, high + half};
    }
    return {low, high};
}

namespace {

/// Crossings live on grid edges: horizontal edge (i, j)-(i + 1, j) has number 2 (j nx + i), vertical edge
/// (i, j)-(i, j + 1) the next odd one. Each is shared by at most two cells, so that crossings link into
/// chains.
class Tracer {
public:
    Tracer(const GridField& field, double level) : m_field(field), m_level(level) {}

    std::vector<QPolygonF> trace() {
        for (std::size_t j = 0; j + 1 < m_field.y.size(); ++j)
            for (std::size_t i = 0; i + 1 < m_field.x.size(); ++i)
                visitCell(i, j);
        std::vector<QPolygonF> lines;
        for (const std::size_t edge : m_order) // open lines from their ends first
            if (m_links.at(edge).count == 1 && !m_links.at(edge).used)
                lines.push_back(follow(edge));
        for (const std::size_t edge : m_order)
            if (!m_links.at(edge).used)
                lines.push_back(follow(edge));
        return lines;
    }

private:
    struct Link {
        QPointF point;
        std::array<std::size_t, 2> next{};
        int count = 0;
        bool used = false;
    };

    [[nodiscard]] bool above(std::size_t i, std::size_t j) const { return m_field.at(i, j) >= m_level; }

    std::size_t crossing(std::size_t i, std::size_t j, bool vertical) {
        const std::size_t edge = 2 * (j * m_field.x.size() + i) + (vertical ? 1 : 0);
        if (m_links.contains(edge))
            return edge;
        const double a = m_field.at(i, j);
        const double b = vertical ? m_field.at(i, j + 1) : m_field.at(i + 1, j);
        const double t = (m_level - a) / (b - a);
        QPointF point(m_field.x[i], m_field.y[j]);
        if (vertical)
            point.ry() += t * (m_field.y[j + 1] - m_field.y[j]);
        else
            point.rx() += t * (m_field.x[i + 1] - m_field.x[i]);
        m_links[edge].point = point;
        m_order.push_back(edge);
        return edge;
    }

    void connect(std::size_t a, std::size_t b) {
        Link& first = m_links[a];
        Link& second = m_links[b];
        first.next[static_cast<std::size_t>(first.count++)] = b;
        second.next[static_cast<std::size_t>(second.count++)] = a;
    }

    void visitCell(std::size_t i, std::size_t j) {
        double sum = 0.0;
        for (std::size_t k = 0; k < 4; ++k)
            sum += m_field.at(i + k % 2, j + k / 2);
        if (!std::isfinite(sum))
            return;
        const bool a = above(i, j);
        const bool b = above(i + 1, j);
        const bool c = above(i + 1, j + 1);
        const bool d = above(i, j + 1);
        std::vector<std::size_t> edges; // in turn around the cell: bottom, right, top, left
        if (a != b)
            edges.push_back(crossing(i, j, false));
        if (b != c)
            edges.push_back(crossing(i + 1, j, true));
        if (c != d)
            edges.push_back(crossing(i, j + 1, false));
        if (d != a)
            edges.push_back(crossing(i, j, true));
        if (edges.size() == 2) {
            connect(edges[0], edges[1]);
        } else if (edges.size() == 4) {
            // The centre joins with the corners on its side; the lines cut off the other two.
            const bool center = sum / 4.0 >= m_level;
            if (center == a) {
                connect(edges[0], edges[1]);
                connect(edges[2], edges[3]);
            } else {
                connect(edges[0], edges[3]);
                connect(edges[1], edges[2]);
            }
        }
    }

    QPolygonF follow(std::size_t start) {
        QPolygonF line;
        std::size_t at = start;
        while (true) {
            Link& link = m_links.at(at);
            link.used = true;
            line << link.point;
            bool moved = false;
            for (int k = 0; k < link.count && !moved; ++k) {
                const std::size_t next = link.next[static_cast<std::size_t>(k)];
                if (!m_links.at(next).used) {
                    at = next;
                    moved = true;
                }
            }
            if (moved)
                continue;
            for (int k = 0; k < link.count; ++k)
                if (link.next[static_cast<std::size_t>(k)] == start && line.size() > 2)
                    line << line.front();
            return line;
        }
    }

    const GridField& m_field;
    double m_level;
    std::unordered_map<std::size_t, Link> m_links;
    std::vector<std::size_t> m_order;
};

} // namespace

std::vector<QPolygonF> isolines(const GridField& field, double level) {
    if (field.x.size() < 2 || field.y.size() < 2)
        return {};
    return Tracer(field, level).trace();
}

std::vector<double> isolineLevels(double low, double high, int count) {
    std::vector<double> levels;
    if (!(high > low))
        return levels;
    const double step = niceStep(high - low, count);
    for (double k = std::floor(low / step) + 1.0; k * step < high; ++k)
        levels.push_back(k == 0.0 ? 0.0 : k * step);
    return levels;
}

} // namespace alidade
